// An event whose set() wakes one of the threads that wait, and leaves the others asleep.
#include <mutex>

#include "primitives/threading/condition.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/lost_wakeup/lost_wakeup.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::lost_wakeup {
namespace {

constexpr int kWaiters = 3;

template <std::size_t kWakes>
class SimpleEvent {
 public:
  // Waits first for `count` threads that wait.
  void set_for(int count) {
    std::scoped_lock hold(lock_);
    came_.wait([&] { return waiting_ == count; });
    set_ = true;
    changed_.notify(kWakes);
  }
  void wait() {
    std::scoped_lock hold(lock_);
    ++waiting_;
    came_.notify_one();
    changed_.wait([this] { return set_; });
  }

 private:
  Lock lock_;
  Condition came_{lock_};
  Condition changed_{lock_};
  int waiting_ = 0;
  bool set_ = false;
};

template <std::size_t kWakes>
std::string set_for_all() {
  SimpleEvent<kWakes> event;
  together(kWaiters + 1, [&](int thread) {
    if (thread == 0) {
      event.set_for(kWaiters);
    } else {
      event.wait();
    }
  });
  return "";
}

}  // namespace

constinit const Specimen kNotifyOneInSet{
    .row = "001-10",
    .name = "lost_wakeup/notify_one_in_set",
    .mistake = "set() notifies one where all are meant",
    .kind = kind::kHang,
    .kind_under_explore = kind::kLostWakeup,
    .deadlock = "waits for Condition",
    .body = set_for_all<1>,
    .mended = set_for_all<kWaiters>,
};

}  // namespace weft::scenarios::specimens::lost_wakeup
