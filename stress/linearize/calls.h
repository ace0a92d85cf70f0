// A history laid out for judging: the calls in one array, thread after thread, each with the number
// of calls of every other thread that must come before it.
//
// Thread safety: one thread at a time.
// Invariants: what it was made from was checked: known orders are orders (transitive, without
// cycles), and only the last call of a thread may not have returned.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "stress/linearize/history.h"

namespace weft::linearize::internal {

struct Call {
  const Operation* operation;
  Place place;            // in the history
  std::int64_t when = 0;  // where it will probably stand: calls before it less calls behind it
};

class Calls {
 public:
  // Keeps its memory. The history must outlive it. Throws ValueError for one that breaks its
  // invariants.
  void assign(const History& history);
  // Those of `all` whose `part_of` is `part`. `members` has their numbers, ascending.
  void assign_part(const Calls& all, std::span<const std::uint32_t> members);

  unsigned threads() const { return static_cast<unsigned>(begins_.size() - 1); }
  std::size_t size() const { return calls_.size(); }
  // The calls of a thread are begin(thread) .. begin(thread + 1) - 1.
  std::uint32_t begin(unsigned thread) const { return begins_[thread]; }
  std::uint32_t count(unsigned thread) const { return begins_[thread + 1] - begins_[thread]; }
  const Call& operator[](std::uint32_t call) const { return calls_[call]; }
  // For each thread, how many of its calls come before this one; 0 for its own.
  const std::uint32_t* required(std::uint32_t call) const {
    return required_.data() + std::size_t{call} * threads();
  }

 private:
  void lay_out(const History& history);
  void require_by_time();
  void require_known(const History& history);
  void check_known() const;
  void estimate();

  std::vector<Call> calls_;
  std::vector<std::uint32_t> begins_;
  std::vector<std::uint32_t> required_;
};

}  // namespace weft::linearize::internal
