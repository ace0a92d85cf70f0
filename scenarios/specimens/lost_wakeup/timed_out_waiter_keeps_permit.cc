// A semaphore that hands its permit to a waiting thread, which at that moment gives up for lack of
// time: the permit belongs to nobody.
#include <chrono>
#include <mutex>

#include "primitives/annotate.h"
#include "primitives/threading/condition.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/lost_wakeup/lost_wakeup.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::lost_wakeup {
namespace {

constexpr int kTurns = 10;
constexpr std::chrono::microseconds kPatience{30};

enum class OnTimeout { kLeaves, kTakesWhatCame };

template <OnTimeout kOnTimeout>
class HandOffSemaphore {
 public:
  bool acquire_for(std::chrono::microseconds timeout) {
    std::scoped_lock hold(lock_);
    if (value_ > 0) {
      --value_;
      return true;
    }
    ++waiting_;
    const bool woken = handed_over_.wait_for(timeout);
    --waiting_;
    const bool takes = woken || (kOnTimeout == OnTimeout::kTakesWhatCame && handed_ > 0);
    if (takes) --handed_;
    return takes;
  }
  void release() {
    std::scoped_lock hold(lock_);
    annotate::point("before the hand-over");
    if (waiting_ > handed_) {
      ++handed_;
      handed_over_.notify_one();
    } else {
      ++value_;
    }
  }
  int value() const { return value_; }

 private:
  Lock lock_;
  Condition handed_over_{lock_};
  int value_ = 0;
  int waiting_ = 0;
  int handed_ = 0;  // permits on their way to those that wait
};

template <OnTimeout kOnTimeout>
std::string release_one() {
  for (int turn = 0; turn < kTurns; ++turn) {
    HandOffSemaphore<kOnTimeout> semaphore;
    bool acquired = false;
    together({
        [&] { acquired = semaphore.acquire_for(kPatience); },
        [&] {
          annotate::point("before the release");
          semaphore.release();
        },
    });
    const std::string broke = unless_equal("number of permits", acquired + semaphore.value(), 1);
    if (!broke.empty()) return broke;
  }
  return "";
}

}  // namespace

constinit const Specimen kTimedOutWaiterKeepsPermit{
    .row = "001-9",
    .name = "lost_wakeup/timed_out_waiter_keeps_permit",
    .mistake = "a waiter whose time is over leaves with the permit that was just handed to it",
    .kind = kind::kAssertion,
    .body = release_one<OnTimeout::kLeaves>,
    .mended = release_one<OnTimeout::kTakesWhatCame>,
};

}  // namespace weft::scenarios::specimens::lost_wakeup
