// The primitives for threads against the models that are shipped.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>

#include "primitives/threading/barrier.h"
#include "primitives/threading/condition.h"
#include "primitives/threading/event.h"
#include "primitives/threading/lock.h"
#include "primitives/threading/rlock.h"
#include "primitives/threading/semaphore.h"
#include "stress/linearize/linearizable.h"
#include "stress/linearize/models/barrier.h"
#include "stress/linearize/models/condition.h"
#include "stress/linearize/models/event.h"
#include "stress/linearize/models/lock.h"
#include "stress/linearize/models/rlock.h"
#include "stress/linearize/models/semaphore.h"

namespace weft::linearize {
namespace {

// Many programs rather than many interleavings of each.
const generate::Search kShort{.explored = 20, .options = {.budget = Seconds(2)}};

WEFT_LINEARIZABLE(Models, Lock, Lock, models::Lock,
                  operation("acquire", overload<void()>(&Lock::acquire), &models::Lock::acquire),
                  operation("try_acquire", &Lock::try_acquire, &models::Lock::try_acquire),
                  operation("release", &Lock::release, &models::Lock::release),
                  operation("locked", &Lock::locked, &models::Lock::locked), search(kShort));

WEFT_LINEARIZABLE(Models, RLock, RLock, models::RLock,
                  operation("acquire", overload<void()>(&RLock::acquire), &models::RLock::acquire),
                  operation("try_acquire", &RLock::try_acquire, &models::RLock::try_acquire),
                  operation("release", &RLock::release, &models::RLock::release),
                  operation("recursion_count", &RLock::recursion_count,
                            &models::RLock::recursion_count),
                  operation("locked", &RLock::locked, &models::RLock::locked), search(kShort));

WEFT_LINEARIZABLE(
    Models, Semaphore, Semaphore, models::Semaphore,
    operation("acquire", overload<void()>(&Semaphore::acquire), &models::Semaphore::acquire),
    operation("try_acquire", &Semaphore::try_acquire, &models::Semaphore::try_acquire),
    operation("release", &Semaphore::release, &models::Semaphore::release, gen::inRange(0, 3)),
    operation("value", &Semaphore::value, &models::Semaphore::value), search(kShort));

WEFT_LINEARIZABLE(
    Models, BoundedSemaphore, BoundedSemaphore, models::Semaphore,
    operation("acquire", overload<void()>(&Semaphore::acquire), &models::Semaphore::acquire),
    operation("try_acquire", &Semaphore::try_acquire, &models::Semaphore::try_acquire),
    operation("release", &Semaphore::release, &models::Semaphore::release, gen::inRange(0, 3)),
    operation("value", &Semaphore::value, &models::Semaphore::value),
    made_by([] { return std::make_unique<BoundedSemaphore>(2); }),
    starts_as(models::Semaphore{2, 2}), search(kShort));

bool wait_no_time(Event& event) { return event.wait_for(std::chrono::seconds(0)); }

WEFT_LINEARIZABLE(Models, Event, Event, models::Event,
                  operation("set", &Event::set, &models::Event::set),
                  operation("clear", &Event::clear, &models::Event::clear),
                  operation("is_set", &Event::is_set, &models::Event::is_set),
                  operation("wait", overload<void()>(&Event::wait), &models::Event::wait),
                  operation("wait no time", wait_no_time, &models::Event::wait_for),
                  search(kShort));

WEFT_LINEARIZABLE(Models, Barrier, Barrier, models::Barrier,
                  operation("wait", &Barrier::wait, &models::Barrier::wait),
                  operation("reset", &Barrier::reset, &models::Barrier::reset),
                  operation("abort", &Barrier::abort, &models::Barrier::abort),
                  operation("broken", &Barrier::broken, &models::Barrier::broken),
                  operation("n_waiting", &Barrier::n_waiting, &models::Barrier::n_waiting),
                  made_by([] { return std::make_unique<Barrier>(2); }), search(kShort));

// Whoever waits or notifies has the lock, as it must, and counts who is in line: a wait alone does
// not show whether it has begun.
class Line {
 public:
  void wait() {
    const std::scoped_lock hold(condition_);
    ++length_;
    condition_.wait();
  }
  void notify(int number) {
    const std::scoped_lock hold(condition_);
    length_ -= std::min(number, length_);
    condition_.notify(static_cast<std::size_t>(number));
  }
  void notify_all() {
    const std::scoped_lock hold(condition_);
    length_ = 0;
    condition_.notify_all();
  }
  int length() {
    const std::scoped_lock hold(condition_);
    return length_;
  }

 private:
  Condition condition_;
  int length_ = 0;  // guarded by condition_
};

std::size_t length_of(const models::Condition& model) { return model.line.size(); }

WEFT_LINEARIZABLE(Models, Condition, Line, models::Condition,
                  operation("wait", &Line::wait, &models::Condition::wait),
                  operation("notify", &Line::notify, &models::Condition::notify,
                            gen::inRange(1, 3)),
                  operation("notify_all", &Line::notify_all, &models::Condition::notify_all),
                  operation("length", &Line::length, length_of), search(kShort));

}  // namespace
}  // namespace weft::linearize
