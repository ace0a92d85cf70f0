// IdleWorkers: who of a pool's workers looks for tasks, who sleeps, and whom to wake.
//
//   state     | meaning
//   busy      | runs a task, or takes the next one that is there
//   searching | looks for a task in all places; one worker at most comes to it by itself
//   sleeping  | on the stack, and on its own word in the kernel
//
// Who submits a task wakes a worker only if one sleeps and none searches: the searching one will
// find the task. Who stops searching because he has found a task wakes the next if there are more
// tasks. So one wake-up leads to the next as long as there are tasks, and no faster. The stack
// gives the worker that has slept for the shortest time: its caches and its processor are the
// warmest.
//
// That no task is overlooked: a worker that stops searching changes counts_ first, and looks then;
// who submits publishes the task first, and loads counts_ then. In the order of all seq_cst
// operations, or by the mutex under which tasks are published, one of the two sees the other.
//
// Thread safety: every function from any thread, those with a Seat by the worker whose it is.
// Invariants, under the mutex:
//   (I1) A seat is on the stack if and only if its word says kAsleep and nobody has called it.
//   (I2) counts_ says how many are on the stack.
//   (I3) Whoever takes a seat from the stack makes its worker a searching one, in counts_ too.
//   (I4) finished_ is set when the pool is closing and all its workers are on the stack.
// Non-invariants: a call may come to nothing, because another worker was quicker.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "primitives/base/futex.h"
#include "primitives/base/mutex.h"
#include "primitives/pool/placement.h"

namespace weft::internal {

class IdleWorkers {
 public:
  class Seat {
   public:
    Seat() = default;
    // Whose it is, by the number that the kernel gives to a thread. Before it lies down.
    void take(pid_t thread) { thread_ = thread; }
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;

   private:
    friend class IdleWorkers;
    static constexpr std::uint32_t kAwake = 0;
    static constexpr std::uint32_t kAsleep = 1;

    // acquire: pairs with the release in call(): what the caller did is visible to the worker.
    std::uint32_t state() const { return word.load(std::memory_order_acquire); }
    // release: pairs with the acquire in state().
    void call() { word.store(kAwake, std::memory_order_release); }
    // relaxed: written by the worker for itself; the mutex orders it before any call().
    void lie_down() { word.store(kAsleep, std::memory_order_relaxed); }

    futex::Word word{kAwake};
    pid_t thread_ = 0;
  };

  // `most`: workers.
  explicit IdleWorkers(std::size_t most);
  IdleWorkers(const IdleWorkers&) = delete;
  IdleWorkers& operator=(const IdleWorkers&) = delete;

  // A new worker, which begins as a searching one.
  void join();
  // The opposite, if its thread could not begin.
  void leave();

  // After a task was published.
  bool nobody_searches() const { return searching(counts_.load()) == 0; }
  bool somebody_sleeps() const { return sleeping(counts_.load()) != 0; }
  // Wakes the one that sleeps for the shortest time, if one sleeps and none searches.
  void call_one(Placement::Call* call = nullptr);

  // False if another one searches already.
  bool begin_search();
  // True if it was the last one: the caller must look whether there are more tasks.
  bool end_search() { return searching(counts_.fetch_sub(kOneSearching)) == 1; }

  // Lies down. The caller looks for tasks once more, then either gets up or sleeps.
  void lie_down(Seat& seat, bool was_searching);
  // Gets up as a searching one. It may have been called meanwhile, which comes to the same.
  void get_up(Seat& seat);
  // Sleeps until called; then it is a searching one.
  void await_call(Seat& seat);

  // From now on, workers end when all of them sleep.
  void begin_closing();
  bool finished() const;

 private:
  static constexpr std::uint64_t kOneSearching = 1;
  static constexpr std::uint64_t kOneSleeping = std::uint64_t{1} << 32;

  static std::uint32_t searching(std::uint64_t counts) {
    return static_cast<std::uint32_t>(counts);
  }
  static std::uint32_t sleeping(std::uint64_t counts) {
    return static_cast<std::uint32_t>(counts >> 32);
  }

  void finish_if_all_sleep() WEFT_REQUIRES(mutex_);

  // Who submits reads it each time, so it has a line of its own.
  alignas(64) std::atomic<std::uint64_t> counts_{0};
  alignas(64) mutable Mutex mutex_;
  std::vector<Seat*> stack_ WEFT_GUARDED_BY(mutex_);
  std::size_t members_ WEFT_GUARDED_BY(mutex_) = 0;
  bool closing_ WEFT_GUARDED_BY(mutex_) = false;
  bool finished_ WEFT_GUARDED_BY(mutex_) = false;
};

}  // namespace weft::internal
