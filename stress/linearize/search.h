// The search for an order of the calls that the specification allows. See judge.h.
//
// Thread safety: one thread at a time.
// Invariants:
//   (I1) A node is a configuration that can be reached: how far each thread is, and a state. No two
//        are alike: the table finds a node by its hash and compares all of it.
//   (I2) The states of the first live_ places of the arena are constructed, whether a node of the
//        present search stands there or not, so that their own memory serves again.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "stress/linearize/calls.h"
#include "stress/linearize/judge.h"
#include "stress/linearize/specification.h"

namespace weft::linearize::internal {

class Search {
 public:
  using Clock = std::chrono::steady_clock;

  // The specification must outlive it.
  explicit Search(const Specification& specification);
  ~Search();
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  // The calls must live until the last question about it.
  Verdict run(const Calls& calls, std::uint64_t configurations, Clock::time_point deadline);

  // Of the last run.
  std::uint64_t configurations() const { return count_; }
  // The order that was found, or the longest: numbers of calls, one for each step.
  std::vector<std::uint32_t> order() const;
  // Why none of the calls goes on from there.
  std::vector<Refusal> refusals();
  // The model's, after an order of calls.
  std::string state_after(const Calls& calls, const std::vector<std::uint32_t>& order);

 private:
  static constexpr std::uint32_t kNoNode = ~std::uint32_t{0};
  static constexpr unsigned kStepBits = 8;
  static constexpr std::uint32_t kMostSteps = (1u << kStepBits) - 2;
  static constexpr unsigned kChunkBits = 10;

  // In the arena: a Node, a word for each thread (the place of its next call, and that call's next
  // step), and the state.
  struct Node {
    std::uint64_t hash;        // of all
    std::uint64_t state_hash;  // of the state alone
    std::uint32_t parent;
    std::uint32_t call;  // took a step after `parent`
  };
  struct Frame {
    std::uint32_t node;
    std::uint32_t next;  // the candidates that remain: next .. end - 1
    std::uint32_t end;
    std::uint32_t left;   // calls that returned and are not in order yet
    std::uint32_t steps;  // taken
  };
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t node = kNoNode;
  };

  Node* node(std::uint32_t index);
  std::uint32_t* words(Node* node) { return reinterpret_cast<std::uint32_t*>(node + 1); }
  std::byte* state(Node* node) { return reinterpret_cast<std::byte*>(node) + state_offset_; }

  void lay_out(unsigned threads);
  void begin();
  void drop_states(std::uint32_t keep);
  Node* scratch(const Node* from);
  void push(std::uint32_t index, std::uint32_t left, std::uint32_t steps);
  bool is_candidate(const std::uint32_t* words, unsigned thread) const;
  Turn turn_of(const std::uint32_t* words, unsigned thread) const;
  bool is_end(std::uint32_t index);
  void take(unsigned thread);
  std::uint64_t hash_of(const std::uint32_t* words, std::uint64_t state_hash) const;
  bool insert(Node* fresh, std::uint32_t index);
  void grow();

  const Specification& specification_;
  const std::size_t state_bytes_;
  const bool trivial_;
  std::vector<char> reads_only_;  // of each function
  const Calls* calls_ = nullptr;

  unsigned threads_ = 0;
  std::size_t state_offset_ = 0;
  std::size_t node_bytes_ = 0;
  std::vector<std::unique_ptr<std::max_align_t[]>> chunks_;
  std::unique_ptr<std::max_align_t[]> initial_;
  std::uint32_t count_ = 0;
  std::uint32_t live_ = 0;

  std::vector<Slot> table_;
  std::size_t mask_ = 0;
  std::vector<Frame> stack_;
  std::vector<std::uint32_t> candidates_;  // threads
  std::uint32_t best_ = 0;
  std::uint32_t best_left_ = 0;
  std::uint32_t best_steps_ = 0;
};

}  // namespace weft::linearize::internal
