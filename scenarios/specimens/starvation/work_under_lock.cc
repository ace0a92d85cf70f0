// The long work is done with the lock held. Time is told without a clock: the work lasts as long as
// a bystander's ten attempts to get the lock.
#include <mutex>

#include "primitives/threading/lock.h"
#include "primitives/threading/semaphore.h"
#include "scenarios/specimens/starvation/starvation.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::starvation {
namespace {

constexpr int kAttempts = 10;

template <bool kHoldsLock>
std::string work() {
  Lock lock;
  Semaphore work_goes_on(0), attempt_is_over(0);
  int blocked = 0;
  const auto worker = [&] {
    std::unique_lock hold(lock);
    if (!kHoldsLock) hold.unlock();
    for (int step = 0; step < kAttempts; ++step) {
      work_goes_on.release();
      attempt_is_over.acquire();
    }
  };
  const auto bystander = [&] {
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      work_goes_on.acquire();
      if (lock.try_acquire()) {
        lock.release();
      } else {
        ++blocked;
      }
      attempt_is_over.release();
    }
  };
  together({worker, bystander});
  if (blocked == 0) return "";
  return "another thread was blocked in " + std::to_string(blocked) + " of " +
         std::to_string(kAttempts) + " attempts while the work went on";
}

}  // namespace

constinit const Specimen kWorkUnderLock{
    .row = "004-7",
    .name = "starvation/work_under_lock",
    .mistake = "the long work is done with the lock held, and everybody else waits for its end",
    .kind = kind::kAssertion,
    .body = work<true>,
    .mended = work<false>,
};

}  // namespace weft::scenarios::specimens::starvation
