// A barrier whose wait() returns on a time-out, but does not break the barrier: the others wait on
// for a thread that has left.
#include <chrono>
#include <mutex>

#include "primitives/base/errors.h"
#include "primitives/threading/barrier.h"
#include "primitives/threading/condition.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/waits_for_nobody/waits_for_nobody.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::waits_for_nobody {
namespace {

constexpr int kParties = 3;  // of whom two come
constexpr std::chrono::milliseconds kPatience{2};

class ForgetfulBarrier {
 public:
  explicit ForgetfulBarrier(int parties) : parties_(parties) {}

  void wait() {
    std::scoped_lock hold(lock_);
    arrive();
    complete_.wait([this] { return arrived_ == parties_; });
  }
  void wait_for(std::chrono::milliseconds timeout) {
    std::scoped_lock hold(lock_);
    arrive();
    if (!complete_.wait_for(timeout, [this] { return arrived_ == parties_; })) {
      --arrived_;
      throw BrokenBarrierError("nobody came in time");
    }
  }

 private:
  void arrive() {
    if (++arrived_ == parties_) complete_.notify_all();
  }

  const int parties_;
  int arrived_ = 0;
  Lock lock_;
  Condition complete_{lock_};
};

template <class AnyBarrier>
std::string meet() {
  AnyBarrier barrier(kParties);
  bool patient_knows = false, impatient_knows = false;
  together({
      [&] {
        try {
          barrier.wait();
        } catch (const BrokenBarrierError&) {
          patient_knows = true;
        }
      },
      [&] {
        try {
          barrier.wait_for(kPatience);
        } catch (const BrokenBarrierError&) {
          impatient_knows = true;
        }
      },
  });
  return unless_equal("number of threads that know", patient_knows + impatient_knows, 2);
}

}  // namespace

constinit const Specimen kBarrierTimeoutTellsNobody{
    .row = "000-3",
    .name = "waits_for_nobody/barrier_timeout_tells_nobody",
    .mistake = "a time-out at the barrier does not break it for the others",
    .kind = kind::kHang,
    .deadlock = "waits for Condition",
    .body = meet<ForgetfulBarrier>,
    .mended = meet<Barrier>,
};

}  // namespace weft::scenarios::specimens::waits_for_nobody
