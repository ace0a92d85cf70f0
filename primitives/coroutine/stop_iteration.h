// What leaves a coroutine, or enters it, beside values: the vocabulary of Python's generators.
// Thread safety: value types.
#pragma once

#include <stdexcept>
#include <utility>

namespace weft {

// next() or send() found that the body has ended, now or before.
class StopIteration : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The body has ended now, and this is what it returned.
template <class Return>
class StopIterationWith : public StopIteration {
 public:
  explicit StopIterationWith(Return returned)
      : StopIteration("Coroutine: the body has returned"), returned_(std::move(returned)) {}
  const Return& value() const { return returned_; }

 private:
  Return returned_;
};

// What close() throws in the body, where it is suspended. Not a std::exception, so that a handler
// for errors lets it pass: whoever catches it may clean up, and must then return or throw.
class GeneratorExit {};

}  // namespace weft
