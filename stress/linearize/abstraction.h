// Which abstract type a specification is, for which the judge has a faster way than its search
// (fast.h). Whoever names a kind and roles promises that the operations do
// just what stands here; a history with another operation, or with one that the way cannot take,
// goes to the search.
//
// Thread safety: values.
#pragma once

#include <cstdint>
#include <vector>

#include "stress/linearize/value.h"

namespace weft::linearize {

enum class Kind : std::uint8_t {
  kOther,
  kRegister,  // starts as `initial`
  kQueue,     // first in, first out, without a bound; starts empty
  kStack,     // last in, first out, without a bound; starts empty
  kCounter,   // starts as `initial`
  kLock,      // starts free; any thread may release it
};

enum class Role : std::uint8_t {
  kOther,
  kWrite,      // of a register: (value) -> nothing
  kRead,       // of a register or counter: () -> value
  kPut,        // of a queue or stack: (item) -> nothing
  kTake,       // of a queue or stack: () -> item; waits while it is empty
  kTryTake,    // of a queue or stack: () -> item, or nothing if it is empty
  kTakeNow,    // of a queue or stack: () -> item, or thrown("QueueEmpty") if it is empty
  kIncrement,  // of a counter: () -> nothing; adds one
  kAcquire,    // of a lock: () -> nothing; waits while it is held
  kRelease,    // of a lock: () -> nothing; of a free one it returns something else
};

struct Abstraction {
  Kind kind = Kind::kOther;
  std::vector<Role> roles = {};  // of each function
  Value initial = {};
};

}  // namespace weft::linearize
