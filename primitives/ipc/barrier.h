// Barrier: a fixed number of threads of any processes wait for each other, round after round, as
// Python's multiprocessing.Barrier; and a party that dies in it breaks it.
//
// A handle: copies of it and what a child of fork() has of it are the same barrier. The action and
// the default time-out belong to the handle: the last to arrive runs its own.
//
//   state   | a wait()                                  | abort()   | reset()
//   filling | counts; completes the round or sleeps     | -> broken | fails those inside
//   broken  | BrokenBarrierError at once                | no effect | -> filling
//
// A round ends for its threads when it is complete: what happens afterwards does not reach back to
// them. When a process dies:
//   before it arrives          | nobody knows; the others wait for it, so give wait() a time-out
//   inside, also in the action | the barrier breaks, within 50 ms
//   let go, but not yet back   | nobody is concerned
//
// Each arrival has a place in shared memory:
//
//   owner    | fate     | meaning
//   nobody   | any      | free
//   a thread | waiting  | has arrived
//   a thread | complete | was let go
//   a thread | failed   | will get BrokenBarrierError
//
// A round's end is decided by one store, to `ending`; the places' fates, the mark's removal and the
// wake-up follow from it. Whoever takes the lock of one who was killed in between does them again.
//
// Thread safety: every function from any thread of any process. The action runs with the barrier's
// lock held: it may read parties(), n_waiting() and broken(), and must not call anything else of
// this barrier.
// Memory ordering: what each did before its wait() is visible to the action and to all of the round
// after theirs.
// Invariants:    (I1) places and `control` change under `lock`, except that the owner of a place
//                frees it when its fate is decided.
//                (I2) nobody waits while it is broken.
//                (I3) the indices returned in a round are 0 .. parties() - 1 in order of arrival.
// Non-invariants: n_waiting() and broken() may be out of date by the time they return.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "primitives/base/deadline.h"
#include "primitives/ipc/owner.h"
#include "primitives/ipc/robust_word.h"
#include "primitives/ipc/shared_futex.h"
#include "primitives/ipc/shared_object.h"

namespace weft::ipc {

class Barrier {
 public:
  using Action = std::function<void()>;
  static constexpr std::size_t kMostParties = 1 << 16;

  // ValueError if `parties` is zero or above kMostParties.
  explicit Barrier(std::size_t parties, Action action = {});
  // `timeout` is what wait() uses when it is given none.
  template <class Rep, class Period>
  Barrier(std::size_t parties, const std::chrono::duration<Rep, Period>& timeout,
          Action action = {})
      : Barrier(parties, std::move(action)) {
    timeout_seconds_ = std::chrono::duration<double>(timeout);
    (void)Deadline::after(*timeout_seconds_);  // refuses NaN now rather than at the first wait
  }

  // Returns this thread's index in the round. Throws BrokenBarrierError if the barrier is or
  // becomes broken or is reset meanwhile; a time-out breaks it, for everybody. An exception of the
  // action breaks the barrier and passes to the thread that ran it.
  std::size_t wait();
  template <class Rep, class Period>
  std::size_t wait_for(const std::chrono::duration<Rep, Period>& timeout) {
    return wait_before(Deadline::after(timeout));
  }
  template <class Duration>
  std::size_t wait_until(const std::chrono::time_point<Deadline::Clock, Duration>& when) {
    return wait_before(Deadline::at(when));
  }
  std::size_t arrive_and_wait() { return wait(); }

  // Breaks the barrier, until reset(): the way out for a process that cannot take part any more.
  void abort();
  // Back to an empty barrier that works. Who is inside gets BrokenBarrierError.
  void reset();

  std::size_t parties() const { return parties_; }
  std::size_t n_waiting() const;
  bool broken() const;

  // The same for all handles of one barrier; what reports call it by.
  const void* shared_address() const { return state_.get(); }

 private:
  enum Fate : std::uint32_t { kWaiting, kComplete, kFailed };
  // Of `control`: the fate of a round that is being ended, or 0, and beside it whether the barrier
  // is broken.
  static constexpr std::uint32_t kEnding = 3;
  static constexpr std::uint32_t kBroken = 4;
  static_assert(kWaiting == 0 && kFailed < kBroken && (kEnding & kBroken) == 0);

  // All operations on these are sequentially consistent; waiters read them without the lock.
  struct Place {
    std::atomic<internal::OwnerId> owner{internal::kNobody};
    std::atomic<std::uint32_t> fate{kWaiting};
  };
  struct State {
    internal::RobustWord lock;
    std::atomic<std::uint32_t> control{0};
    internal::SharedWord epoch{0};          // slept on; changes when there is something to see
    std::atomic<std::uint32_t> crowded{0};  // somebody waits for a free place
  };
  struct Arrival {
    std::size_t index;
    Fate fate;
    Place* place;  // null if the fate is decided
  };
  class Hold;

  std::size_t wait_before(const Deadline& deadline);
  Arrival arrive();
  Place& enter(Hold& hold);
  Place* free_place() const;
  Fate stay(Place& mine, const Deadline& deadline);
  void end_round(Fate fate, bool broken);
  void finish_ending();
  void repair();
  void leave(Place& mine);
  void tell();
  bool a_party_is_dead() const;
  static bool is_waiting(const Place& place) {
    return place.owner != internal::kNobody && place.fate == kWaiting;
  }

  std::size_t parties_;
  Action action_;
  std::optional<std::chrono::duration<double>> timeout_seconds_;
  internal::SharedObject<State> state_;
  // Twice as many as parties: while those of a round are on their way out, the next may come in.
  internal::SharedArray<Place> places_;
};

}  // namespace weft::ipc
