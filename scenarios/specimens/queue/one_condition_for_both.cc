// A queue with room for one item: producers and consumers wait on the same condition, and whoever
// changes something wakes one thread. It may be one that cannot use the change.
#include <mutex>
#include <optional>

#include "primitives/annotate.h"
#include "primitives/threading/condition.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/queue/queue.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::queue {
namespace {

constexpr int kItemsEach = 4;

template <void (Condition::*kTell)()>
class OneSlot {
 public:
  OneSlot() { annotate::named(&changed_, "full or empty"); }

  void put(int item) {
    std::scoped_lock hold(lock_);
    while (slot_) changed_.wait();
    slot_ = item;
    (changed_.*kTell)();
  }
  int get() {
    std::scoped_lock hold(lock_);
    while (!slot_) changed_.wait();
    const int item = *slot_;
    slot_.reset();
    (changed_.*kTell)();
    return item;
  }

 private:
  Lock lock_;
  Condition changed_{lock_};
  std::optional<int> slot_;  // guarded by lock_
};

template <void (Condition::*kTell)()>
std::string pass_items() {
  OneSlot<kTell> slot;
  const auto producer = [&] {
    for (int i = 0; i < kItemsEach; ++i) slot.put(i);
  };
  const auto consumer = [&] {
    for (int i = 0; i < kItemsEach; ++i) slot.get();
  };
  together({producer, producer, consumer, consumer});
  return "";
}

}  // namespace

constinit const Specimen kOneConditionForBoth{
    .row = "001-5b",
    .name = "queue/one_condition_for_both",
    .mistake =
        "waiters of both kinds share a condition and one of them is woken: perhaps the wrong one",
    .kind = kind::kHang,
    .deadlock = "waits for Condition 'full or empty'",
    .body = pass_items<&Condition::notify_one>,
    .mended = pass_items<&Condition::notify_all>,
};

}  // namespace weft::scenarios::specimens::queue
