// An event whose wait() looks at the flag before it takes the lock, and not again: a set() in
// between wakes nobody.
#include <atomic>
#include <mutex>

#include "primitives/annotate.h"
#include "primitives/threading/condition.h"
#include "primitives/threading/event.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/lost_wakeup/lost_wakeup.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::lost_wakeup {
namespace {

constexpr int kTurns = 10;

class HastyEvent {
 public:
  void set() {
    std::scoped_lock hold(lock_);
    set_.store(true);
    changed_.notify_all();
  }
  void wait() {
    if (set_.load()) return;
    annotate::point("between look and wait");
    std::scoped_lock hold(lock_);
    changed_.wait();
  }

 private:
  Lock lock_;
  Condition changed_{lock_};
  std::atomic<bool> set_{false};  // atomic, so that the mistake is in the logic alone
};

template <class AnyEvent>
std::string set_and_wait() {
  for (int turn = 0; turn < kTurns; ++turn) {
    AnyEvent event;
    together({[&] { event.set(); }, [&] { event.wait(); }});
  }
  return "";
}

}  // namespace

constinit const Specimen kCheckThenWait{
    .row = "001-10",
    .name = "lost_wakeup/check_then_wait",
    .mistake = "wait() looks at the flag without the lock, then sleeps without another look",
    .kind = kind::kHang,
    .kind_under_explore = kind::kLostWakeup,
    .deadlock = "waits for Condition",
    .body = set_and_wait<HastyEvent>,
    .mended = set_and_wait<Event>,
};

}  // namespace weft::scenarios::specimens::lost_wakeup
