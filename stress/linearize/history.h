// A history: which thread called what, with what result, and what is known to have come before
// what.
//
// Thread safety: values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "stress/linearize/value.h"

namespace weft::linearize {

// How a call ended.
enum class End : std::uint8_t {
  kReturned,
  kPending,  // nobody knows: its thread was killed, or the record ends; it took effect or it did
             // not
  kBlocked,  // it waits, and nobody is left who could let it go on
};

struct Operation {
  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

  unsigned function = 0;  // its place in the specification
  std::vector<Value> arguments = {};
  End end = End::kReturned;
  Value result = {};  // if it returned
  // On one clock for all threads, of any unit; kNever: it did not return.
  std::uint64_t invoked = 0;
  std::uint64_t returned = kNever;
};

// Where an operation stands: the thread, and its place among the thread's operations.
struct Place {
  unsigned thread = 0;
  std::size_t index = 0;
  friend bool operator==(const Place&, const Place&) = default;
};

// The operations of each thread, in its order. Invariants: only the last of a thread may not have
// returned; the order is one: what came before what came before also came before.
struct History {
  std::vector<std::vector<Operation>> threads = {};
  // What came before an operation: known[thread][index][other] is the number of the operations of
  // `other` that had returned, for certain, before that one was called. Its own thread's entry is
  // not read. Empty: those that returned at a time before it was invoked.
  //
  // Real time and happens-before are both said so: an operation that returned before, in the one or
  // the other, stands with all earlier ones of its thread.
  std::vector<std::vector<std::vector<std::uint32_t>>> known = {};

  std::size_t size() const {
    std::size_t sum = 0;
    for (const auto& operations : threads) sum += operations.size();
    return sum;
  }
};

// Throws ValueError, with the operation, if a thread's times overlap or go backwards, or if an
// operation that did not return is not its thread's last.
void check_times(const History& history);

// Fills `known` from the times. Throws as check_times().
void order_by_time(History& history);

}  // namespace weft::linearize
