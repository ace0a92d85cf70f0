// A lock of three states on a futex. A thread that was woken takes it as if nobody else waited; its
// release then wakes nobody.
#include <mutex>

#include "primitives/annotate.h"
#include "primitives/base/deadline.h"
#include "primitives/base/futex.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/lost_wakeup/lost_wakeup.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::lost_wakeup {
namespace {

constexpr int kThreads = 3;
constexpr int kTurns = 10;

constexpr std::uint32_t kFree = 0;
constexpr std::uint32_t kHeld = 1;
constexpr std::uint32_t kContended = 2;  // held, and somebody may sleep

template <std::uint32_t kTakenByWoken>
class FutexLock {
 public:
  void lock() {
    std::uint32_t seen = kFree;
    if (word_.compare_exchange_strong(seen, kHeld)) return;
    for (;;) {
      annotate::point("before sleep");
      // Marks it contended, or sleeps if it was, or sees it free.
      if (seen == kContended ||
          (seen == kHeld && word_.compare_exchange_strong(seen, kContended))) {
        futex::wait(word_, kContended, Deadline::never());
      }
      seen = kFree;
      if (word_.compare_exchange_strong(seen, kTakenByWoken)) return;
    }
  }
  void unlock() {
    if (word_.exchange(kFree) == kContended) futex::wake_one(word_);
  }

 private:
  futex::Word word_{kFree};
};

template <std::uint32_t kTakenByWoken>
std::string count() {
  FutexLock<kTakenByWoken> lock;
  long sum = 0;
  together(kThreads, [&](int) {
    for (int turn = 0; turn < kTurns; ++turn) {
      std::scoped_lock hold(lock);
      annotate::point("inside");
      ++sum;
    }
  });
  return unless_equal("sum", sum, kThreads * kTurns);
}

}  // namespace

constinit const Specimen kContendedMarkDropped{
    .row = "000-2",
    .name = "lost_wakeup/contended_mark_dropped",
    .mistake = "a woken waiter takes the lock without the mark that others still sleep",
    .kind = kind::kHang,
    .kind_under_explore = kind::kLostWakeup,
    .deadlock = "waits for futex",
    .body = count<kHeld>,
    .mended = count<kContended>,
};

}  // namespace weft::scenarios::specimens::lost_wakeup
