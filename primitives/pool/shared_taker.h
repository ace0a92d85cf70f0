// SharedTaker: how one worker takes tasks from the shared deque, and how long it leaves that alone.
//
// Thread safety: a SharedTaker belongs to one worker; the deque's owner and other takers may be at
// work.
// Invariants:     (I1) It looks how far the tasks go, and so pauses (pace.h), only when all of
// those
//                      that it knew of have been taken, by whomever. While it knows of one it takes
//                      it at once.
//                 (I2) What a look found is told to the pace: what it took and what it saw besides.
// Memory ordering: as of TaskDeque.
#pragma once

#include <cstddef>
#include <cstdint>

#include "primitives/pool/pace.h"
#include "primitives/pool/task.h"
#include "primitives/pool/task_deque.h"

namespace weft::internal {

class SharedTaker {
 public:
  // `first_place`: the deque's.
  explicit SharedTaker(std::uint64_t first_place) : seen_(first_place) {}

  // As TaskDeque::take_some().
  std::size_t take(TaskDeque& shared, Task* tasks, std::size_t most, std::size_t share) {
    const bool looks = !TaskDeque::before(shared.top(), seen_);
    if (looks) pace_.keep();
    const std::size_t count = shared.take_some(seen_, tasks, most, share);
    if (looks) pace_.found(count == 0 ? 0 : count + shared.left(seen_));
    return count;
  }

  // How far the shared tasks went when it looked last.
  std::uint64_t seen() const { return seen_; }
  std::uint32_t pauses() const { return pace_.pauses(); }

 private:
  Pace pace_;
  std::uint64_t seen_;
};

}  // namespace weft::internal
