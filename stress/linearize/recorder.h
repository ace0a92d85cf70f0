// Writes down what each thread of an execution calls and what it gets, without ordering the threads
// that it watches: on real threads it reads the steady clock and writes to memory of the calling
// thread's own; under the explorer it is no part of the execution, and its clock counts the marks
// in the order in which they are made.
//
// Thread safety: invoke(), result() and returns() of one lane by one thread at a time; all else
// while no other thread is in one, but for history_of_sleepers().
// Invariants:     (I1) no lock, no step of the explorer, and no atomic access but each lane's to a
//                      word that no other lane reads: nothing that orders the threads of an
//                      execution, or hides a race of theirs.
//                 (I2) what came before what is never claimed wrongly: a call is marked as begun
//                      before it does anything, and as returned after all that it did has taken
//                      effect for every other thread.
// Memory ordering: history_of_sleepers() acquires what each lane has released with its last mark.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "stress/linearize/history.h"

namespace weft::linearize {

// While it lives, the calling thread counts as the harness: what it does is no part of what is
// explored, and what it allocates outlives the execution.
class Unrecorded {
 public:
  Unrecorded();
  ~Unrecorded();
  Unrecorded(const Unrecorded&) = delete;
  Unrecorded& operator=(const Unrecorded&) = delete;

 private:
  [[maybe_unused]] std::uintptr_t was_[2];  // of the explorer
};

class Recorder {
 public:
  // What is known of the order in which calls came, beside the order in each thread.
  enum class Order {
    kMarks,    // the clock's
    kThreads,  // none: what makes the clock right takes from the threads some of their freedom
  };

  // The calls that will be made. The last lane is that of the main thread, which makes its first
  // `before` calls before all other threads begin, and the rest when they have ended.
  Recorder(std::vector<std::vector<Operation>> lanes, std::size_t before);

  void begin(Order order);  // a new execution
  // `is_promised`: it is to come to its end as the execution's guarantee of progress says.
  void invoke(unsigned lane, std::size_t place, bool is_promised = false);
  void returns(unsigned lane, std::size_t place);
  // To be written, Unrecorded, before returns().
  Value& result(unsigned lane, std::size_t place) { return lanes_[lane][place].result; }

  // Of what was begun; a call that did not return ended so.
  History history(End end) const;
  // On real threads, of an execution all whose threads sleep for ever: none is in another function
  // of the recorder.
  History history_of_sleepers() const;

 private:
  std::uint32_t came_before(const std::vector<std::vector<Operation>>& lanes, unsigned lane,
                            std::size_t place, unsigned other) const;
  void release(unsigned lane);

  std::vector<std::vector<Operation>> lanes_;
  std::vector<std::atomic<std::uint64_t>> releases_;  // by each lane
  const std::size_t before_;
  Order order_ = Order::kMarks;
  std::uint64_t marks_ = 0;  // of the explorer, where one thread runs at a time
};

}  // namespace weft::linearize
