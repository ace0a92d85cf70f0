#include "primitives/pool/placement.h"

#include "primitives/pool/spin.h"

// relaxed throughout, but where it says otherwise: guesses about who is where, on which nothing
// depends but time.
namespace weft::internal {

Placement::Call::Call(Placement& placement, bool by_worker) : placement_(placement) {
  if (!kSees) return;
  // A caller that is no worker is not counted among those that are awake.
  has_room_ = spare_processor(by_worker ? 0 : 1);
  if (!has_room_) return;
  // relaxed: see above.
  elsewhere_ = placement_.was_put_aside_.load(std::memory_order_relaxed);
  begin_ = Clock::now();
}

void Placement::Call::is_made(pid_t thread) {
  if (!kSees) return;
  is_made_ = true;
  if (elsewhere_) {
    // relaxed: see above.
    placement_.was_put_aside_.store(false, std::memory_order_relaxed);
    kept_off_.emplace(thread);
  }
  if (spare_processor()) placement_.note(thread, Clock::now());
}

Placement::Call::~Call() {
  // To keep somebody off takes long by itself.
  if (!is_made_ || !has_room_ || elsewhere_) return;
  if (Clock::now() - begin_ <= kPutAside) return;
  // relaxed: see above.
  placement_.was_put_aside_.store(true, std::memory_order_relaxed);
}

void Placement::came(const Place& place) {
  if (!kSees) return;
  pid_t expected = place.thread;
  // relaxed: see above.
  called_.compare_exchange_strong(expected, 0, std::memory_order_relaxed);
}

void Placement::see_to_call(Place& place, std::uint64_t tasks_seen) {
  // relaxed: see above.
  const bool is_meant = called_.load(std::memory_order_relaxed) == place.thread;
  if (is_meant || !enough_processors()) return;
  const Time now = Clock::now();
  if (place.last_task_seen != tasks_seen) {
    place.last_task_seen = tasks_seen;
    return postpone(now);
  }
  if (const pid_t thread = take_late(now); thread != 0) send_elsewhere(thread);
}

void Placement::see_to_call() {
  if (!spare_processor(1)) return;
  if (const pid_t thread = take_late(Clock::now()); thread != 0) send_elsewhere(thread);
}

bool Placement::moved_to_here(Place& place) {
  const int here = this_processor();
  // relaxed: see above.
  if (!kSees || place.processor.load(std::memory_order_relaxed) == here) return false;
  // release: pairs with the acquire in part_from(), which reads whose place it is.
  place.processor.store(here, std::memory_order_release);
  return enough_processors();
}

void Placement::part_from(const Place& place, const Place& other) {
  // relaxed: see above.
  const int here = place.processor.load(std::memory_order_relaxed);
  // acquire: pairs with the release in moved_to_here().
  if (here >= 0 && other.processor.load(std::memory_order_acquire) == here) {
    note(other.thread, Clock::now());
  }
}

void Placement::rests(Place& place) {
  if (!kSees) return;
  // relaxed: see above.
  place.processor.store(Place::kNowhere, std::memory_order_relaxed);
}

void Placement::note(pid_t thread, Time now) {
  postpone(now);
  // release: pairs with the acquire in take_late(), which reads the time of this call.
  called_.store(thread, std::memory_order_release);
}

void Placement::postpone(Time now) {
  // relaxed: a time that comes too late makes a call seem older, or newer, by another one's.
  called_at_.store(now.time_since_epoch().count(), std::memory_order_relaxed);
}

pid_t Placement::take_late(Time now) {
  // acquire: pairs with the release in note().
  pid_t thread = called_.load(std::memory_order_acquire);
  if (thread == 0) return 0;
  // relaxed: see postpone().
  const Clock::duration at(called_at_.load(std::memory_order_relaxed));
  if (now.time_since_epoch() - at < kLate) return 0;
  // relaxed: see above.
  return called_.compare_exchange_strong(thread, 0, std::memory_order_relaxed) ? thread : 0;
}

}  // namespace weft::internal
