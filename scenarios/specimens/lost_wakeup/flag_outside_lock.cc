// The waiter does everything right, but the flag is set and notified without the lock: both may
// fall between its look at the flag and its sleep.
#include <atomic>
#include <condition_variable>
#include <mutex>

#include "primitives/annotate.h"
#include "scenarios/specimens/lost_wakeup/lost_wakeup.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::lost_wakeup {
namespace {

constexpr int kTurns = 10;

// The standard's condition variable, because Weft's refuses a notification without the lock.
struct Signal {
  std::mutex mutex;
  std::condition_variable changed;
  std::atomic<bool> flag{false};  // atomic, so that the mistake is in the logic alone

  void wait() {
    std::unique_lock hold(mutex);
    while (!flag.load()) {
      annotate::point("between look and sleep");
      changed.wait(hold);
    }
  }
};

void set_without_lock(Signal& signal) {
  signal.flag.store(true);
  signal.changed.notify_one();
}

void set_with_lock(Signal& signal) {
  std::scoped_lock hold(signal.mutex);
  signal.flag.store(true);
  signal.changed.notify_one();
}

template <auto set>
std::string set_and_wait() {
  for (int turn = 0; turn < kTurns; ++turn) {
    Signal signal;
    together({[&] { set(signal); }, [&] { signal.wait(); }});
  }
  return "";
}

}  // namespace

constinit const Specimen kFlagOutsideLock{
    .row = "001-10",
    .name = "lost_wakeup/flag_outside_lock",
    .mistake = "the flag that a condition stands for is changed without the condition's lock",
    .kind = kind::kHang,
    .kind_under_explore = kind::kLostWakeup,
    .deadlock = "waits for condition",
    .body = set_and_wait<set_without_lock>,
    .mended = set_and_wait<set_with_lock>,
};

}  // namespace weft::scenarios::specimens::lost_wakeup
