// A program of calls to one object by several threads. Plain values: they may cross threads, be
// printed, and be run again.
//
// Thread safety: values.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <utility>
#include <vector>

#include "stress/linearize/history.h"
#include "stress/linearize/value.h"

namespace weft::generate {

struct Call {
  unsigned operation = 0;              // its place in the vocabulary
  std::vector<unsigned> choices = {};  // of its arguments; none: the first of each
  int turn = 0;   // one call at a time: of those that can begin, the one with the lowest does
  int label = 0;  // no two calls of a program have the same: 1 + 100 * lane + place
};

// Lanes 0, 1, ... are the threads; the one behind them is the main thread, which calls `before`
// until the threads begin, and `after` when all have ended.
struct Program {
  Program() = default;
  Program(std::initializer_list<std::vector<Call>> calls) : threads(calls) {}

  std::vector<std::vector<Call>> threads = {};
  std::vector<Call> before = {};
  std::vector<Call> after = {};

  unsigned main() const { return static_cast<unsigned>(threads.size()); }
  unsigned lanes() const { return main() + 1; }
  std::size_t size(unsigned lane) const {
    return lane == main() ? before.size() + after.size() : threads[lane].size();
  }
  const Call& call(unsigned lane, std::size_t place) const {
    if (lane != main()) return threads[lane][place];
    return place < before.size() ? before[place] : after[place - before.size()];
  }
  Call& call(unsigned lane, std::size_t place) {
    return const_cast<Call&>(std::as_const(*this).call(lane, place));
  }
  void erase(unsigned lane, std::size_t place);
  std::size_t size() const;

  void drop_idle_threads();
  // Gives each call its label.
  void label();
};

// What was recorded of an execution of it: a lane each.
using linearize::History;

}  // namespace weft::generate
