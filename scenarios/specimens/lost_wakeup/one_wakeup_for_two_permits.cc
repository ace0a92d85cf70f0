// A semaphore whose release(2) wakes one of two waiting threads.
#include <mutex>

#include "primitives/threading/condition.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/lost_wakeup/lost_wakeup.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::lost_wakeup {
namespace {

enum class Wakes { kOne, kOnePerPermit };

template <Wakes kWakes>
class SimpleSemaphore {
 public:
  void acquire() {
    std::scoped_lock hold(lock_);
    ++waiting_;
    came_.notify_one();
    freed_.wait([this] { return value_ > 0; });
    --value_;
  }
  // Waits first for as many threads that wait.
  void release_to_waiting(int count) {
    std::scoped_lock hold(lock_);
    came_.wait([&] { return waiting_ == count; });
    value_ += count;
    freed_.notify(kWakes == Wakes::kOne ? 1 : static_cast<std::size_t>(count));
  }

 private:
  Lock lock_;
  Condition came_{lock_};
  Condition freed_{lock_};
  int value_ = 0;
  int waiting_ = 0;
};

template <Wakes kWakes>
std::string release_two() {
  SimpleSemaphore<kWakes> semaphore;
  together({
      [&] { semaphore.acquire(); },
      [&] { semaphore.acquire(); },
      [&] { semaphore.release_to_waiting(2); },
  });
  return "";
}

}  // namespace

constinit const Specimen kOneWakeupForTwoPermits{
    .row = "001-9",
    .name = "lost_wakeup/one_wakeup_for_two_permits",
    .mistake = "release(2) wakes one thread, and the other sleeps although a permit is free",
    .kind = kind::kHang,
    .deadlock = "waits for Condition",
    .body = release_two<Wakes::kOne>,
    .mended = release_two<Wakes::kOnePerPermit>,
};

}  // namespace weft::scenarios::specimens::lost_wakeup
