// Waiting for many futures at once, below the types of their values.
//
// Thread safety: one object, one thread that waits; the futures complete in any threads.
// Invariants: (I1) An observer is linked to a future only while its object lives: the destructor
//             forgets those that are left.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "primitives/base/wait_list.h"
#include "primitives/pool/future_state.h"

namespace weft {

// When wait() returns, besides when its time is over.
enum class ReturnWhen {
  kFirstCompleted,
  // When one has failed; a cancelled one has not. When none does, as kAllCompleted.
  kFirstException,
  kAllCompleted,
};

namespace internal {

// Waits for `states`, each once in the list. True if the condition holds, false if the time was
// over or a stop was requested.
bool wait_for_states(std::span<FutureState* const> states, ReturnWhen when,
                     const Deadline& deadline, const std::stop_token& stop);

// Gives the places of states in the order in which they settle. The states must outlive it.
class Arrivals {
 public:
  explicit Arrivals(std::span<FutureState* const> states);
  ~Arrivals();
  Arrivals(const Arrivals&) = delete;
  Arrivals& operator=(const Arrivals&) = delete;

  // How many have not been given.
  std::size_t left() const { return left_; }
  // The next place; empty if the time was over. Not to be called when none is left.
  std::optional<std::size_t> next(const Deadline& deadline);

 private:
  class Arrival;

  void arrive(std::size_t place);

  std::vector<std::unique_ptr<Arrival>> arrivals_;  // by place; null when given
  std::size_t left_;
  Mutex mutex_;  // taken with the mutex of a future held, never the other way round
  std::deque<std::size_t> arrived_ WEFT_GUARDED_BY(mutex_);
  WaitList waiters_ WEFT_GUARDED_BY(mutex_);
};

}  // namespace internal
}  // namespace weft
