// What an object must do when its operations come one after another: a state, and a function for
// each operation. Types are erased, so that the search is compiled once; states lie in memory that
// the search owns.
//
// Models are written as plain structs, see model.h.
//
// Thread safety: constant once made; states belong to whoever made them.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "stress/linearize/abstraction.h"
#include "stress/linearize/value.h"

namespace weft::linearize {

// A call that a model is asked about.
struct Turn {
  unsigned function = 0;
  unsigned thread = 0;  // of the history: for locks, which know their owner
  std::span<const Value> arguments = {};
  // Steps that this call has taken so far. Most operations take effect in one; a wait may first
  // enter a line, and return in a later step, with other operations in between.
  unsigned step = 0;
  // What it returned, if it did. A model that leaves a choice (a try_lock that may fail for no
  // reason) follows what was seen.
  const Value* seen = nullptr;
};

struct Step {
  enum Kind {
    kRefused,  // not with the result that was seen; `result` is what the model would give
    kBlocked,  // not enabled: it would wait
    kEntered,  // took a step, and goes on later
    kDone,
  };
  Kind kind = kDone;
  Value result = {};
};

class Specification {
 public:
  virtual ~Specification() = default;

  virtual std::string name() const = 0;
  // The operations' names, by their number.
  virtual std::span<const std::string> functions() const = 0;

  // A state: so many bytes, aligned as std::max_align_t.
  virtual std::size_t state_bytes() const = 0;
  virtual void make_initial(void* state) const = 0;
  virtual void copy(void* state, const void* from) const = 0;
  virtual void destroy(void* state) const noexcept = 0;
  virtual bool equal(const void* a, const void* b) const = 0;
  virtual std::size_t hash(const void* state) const = 0;
  virtual std::string text(const void* state) const = 0;

  // Over a state that has been made.
  virtual void assign(void* state, const void* from) const {
    destroy(state);
    copy(state, from);
  }
  // Whether states are copied byte by byte, and need no destroy().
  virtual bool is_trivial() const { return false; }

  // Takes the call's next step. Of a call that returned, kDone only with the result that was seen.
  // The state is changed by kEntered and kDone alone.
  virtual Step step(void* state, const Turn& turn) const = 0;
  // The same, but after kRefused and kBlocked the state may be any; only for who throws it away.
  virtual Step step_or_spoil(void* state, const Turn& turn) const { return step(state, turn); }

  // Whether that function never changes the state, whatever it is.
  virtual bool reads_only(unsigned function) const {
    (void)function;
    return false;
  }

  // P-compositionality (Horn and Kroening, "Faster linearizability checking via
  // P-compositionality", FORTE 2015): operations of different parts commute and never look at each
  // other's, so each part of a history is judged by itself, as one of a fresh object. Nothing: the
  // operation concerns all parts.
  virtual std::optional<Value> part(unsigned function, std::span<const Value> arguments) const {
    (void)function;
    (void)arguments;
    return Value();
  }

  virtual const Abstraction& abstraction() const {
    static const Abstraction none;
    return none;
  }
};

}  // namespace weft::linearize
