// An event whose wait() believes the flag alone: set() followed by clear() is over before the
// threads that it woke have looked.
#include <mutex>

#include "primitives/threading/condition.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/generation/generation.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::generation {
namespace {

constexpr int kWaiters = 2;

enum class Believes { kFlag, kFlagOrPulse };

template <Believes kBelieves>
class PulsedEvent {
 public:
  void wait() {
    std::scoped_lock hold(lock_);
    ++waiting_;
    came_.notify_one();
    const int pulse = pulses_;
    changed_.wait(
        [&] { return set_ || (kBelieves == Believes::kFlagOrPulse && pulses_ != pulse); });
  }
  void set() {
    std::scoped_lock hold(lock_);
    set_ = true;
    ++pulses_;
    changed_.notify_all();
  }
  void clear() {
    std::scoped_lock hold(lock_);
    set_ = false;
  }
  void wait_for_waiters(int count) {
    std::scoped_lock hold(lock_);
    came_.wait([&] { return waiting_ == count; });
  }

 private:
  Lock lock_;
  Condition came_{lock_};
  Condition changed_{lock_};
  int waiting_ = 0;
  int pulses_ = 0;
  bool set_ = false;
};

template <Believes kBelieves>
std::string pulse() {
  PulsedEvent<kBelieves> event;
  together(kWaiters + 1, [&](int thread) {
    if (thread > 0) {
      event.wait();
      return;
    }
    event.wait_for_waiters(kWaiters);
    event.set();
    event.clear();
  });
  return "";
}

}  // namespace

constinit const Specimen kFlagOnlyEvent{
    .row = "001-10",
    .name = "generation/flag_only_event",
    .mistake = "a waiter that was there at set() looks at the flag only after clear()",
    .kind = kind::kHang,
    .deadlock = "waits for Condition",
    .body = pulse<Believes::kFlag>,
    .mended = pulse<Believes::kFlagOrPulse>,
};

}  // namespace weft::scenarios::specimens::generation
