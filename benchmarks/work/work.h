// Work that takes a known time and touches no memory: a chain of dependent multiplications and
// additions, the same number of steps in each call.
//
// Counting steps instead of looking at a clock keeps two things apart that a clock mixes: a thread
// that is not running does no work.
//
// Thread safety: everything from any thread.
// Invariant: two Works of one length do the same number of steps.
#pragma once

#include <cstdint>

namespace weft::benchmarks {

class Work {
 public:
  // The first Work of a process measures how fast the machine steps: some milliseconds.
  explicit Work(std::uint64_t nanoseconds);

  void operator()() const;

  std::uint64_t steps() const { return steps_; }

 private:
  std::uint64_t steps_;
};

}  // namespace weft::benchmarks
