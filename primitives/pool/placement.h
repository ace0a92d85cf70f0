// Placement: keeps the workers of a pool off each other's processors, and off that of who calls
// them, where the kernel does not.
//
// A worker that is called runs some 40 microseconds later, as long as a processor takes to come up.
// Traces show three ways in which it does not, each with another processor idle for milliseconds:
//
//   what the kernel does            | who sees it                     | what helps
//   it queues the called worker     | a worker, before its next task, | that one sends it elsewhere
//   behind a busy one               | or who submits another task     |
//   it puts the caller aside for    | the caller: its call took long  | the next call keeps the
//   called the called worker               |                                 | one off the caller's
//   processor it lets two busy workers share  | either, when it takes tasks     | as if the other
//   had been a processor                     |                                 | called and did not
//   come
//
// Nobody is sent anywhere unless a processor is left over (spin.h), so nothing is done where there
// are more workers than processors; nor by a worker while tasks come from outside, since whoever
// submits them needs the other processor.
//
// Thread safety: every function from any thread; a Place's own part by its worker.
// Invariants:     (I1) Of each call that is noted, one thread at most is told that it is late, and
//                      not before kLate.
//                 (I2) A worker that has come is not late, unless that was found out just then. So
//                      it is sent once at most for each time that it is called.
//                 (I3) One call is noted at a time. The pool calls one worker at a time, but one
//                      that shares a processor may take its place: that is forgotten, and costs
//                      time at worst.
// Non-invariants: that the called worker is queued behind whoever is told: if not, nothing happens.
//        Under the explorer, where all others wait for their turn, there is nothing to be seen.
// Memory ordering: none; it is all about time.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

#include "primitives/base/migration.h"

namespace weft::internal {

class Placement {
 public:
  using Clock = std::chrono::steady_clock;
  using Time = Clock::time_point;
  static constexpr Clock::duration kLate = std::chrono::microseconds(50);
  // A call is a system call of a microsecond or two.
  static constexpr Clock::duration kPutAside = std::chrono::microseconds(30);

  // What one worker says of itself, and remembers.
  struct Place {
    static constexpr int kNowhere = -1;

    pid_t thread = 0;                      // its number; constant once the worker is called
    std::atomic<int> processor{kNowhere};  // where it took tasks last; nowhere while it rests
    std::uint64_t last_task_seen = 0;      // its own
  };

  // One call, while it is made; does nothing if nobody is called.
  class Call {
   public:
    Call(Placement& placement, bool by_worker);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    // Just before the worker with that thread is woken.
    void is_made(pid_t thread);

   private:
    Placement& placement_;
    bool has_room_ = false;   // beside the caller and those that are awake
    bool elsewhere_ = false;  // it is kept off the caller's processor
    bool is_made_ = false;
    Time begin_;
    std::optional<Elsewhere> kept_off_;
  };

  // By the worker, when it has been called and runs.
  void came(const Place& place);
  // Whether somebody was called and has not come. For who has no time.
  bool call_pending() const {
    // relaxed: who looks closer reads it again.
    return kSees && called_.load(std::memory_order_relaxed) != 0;
  }
  // If the call is late, sends the worker elsewhere. By a worker, which has seen so many tasks come
  // from outside, if it is not the one that is meant; and by who submits a task from outside.
  void see_to_call(Place& place, std::uint64_t tasks_seen);
  void see_to_call();
  // By a worker that has taken tasks; true if it was somewhere else the last time, or rested. Then
  // it asks for each of the others whether it shares the processor.
  bool moved_to_here(Place& place);
  void part_from(const Place& place, const Place& other);
  void rests(Place& place);

  // The parts, with the time given.
  void note(pid_t thread, Time now);
  // The thread that was called kLate ago or earlier, once; else 0.
  pid_t take_late(Time now);

 private:
#if defined(WEFT_EXPLORE)
  static constexpr bool kSees = false;
#else
  static constexpr bool kSees = true;
#endif

  void postpone(Time now);

  // Read by all workers between tasks, and seldom written.
  alignas(64) std::atomic<pid_t> called_{0};
  std::atomic<Clock::rep> called_at_{0};
  std::atomic<bool> was_put_aside_{false};
};

}  // namespace weft::internal
