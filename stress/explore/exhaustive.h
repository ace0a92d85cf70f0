// Every execution, depth first: each differs from the one before in the last decision that has an
// answer left.
//
// Without a bound on preemptions, sleep sets leave out what only changes the order of operations
// that do not depend on each other: a thread whose pending operation was tried at a decision is not
// tried again below it until something that the operation depends on has happened. (Godefroid,
// "Partial-Order Methods for the Verification of Concurrent Systems", LNCS 1032, 1996, chapter 5.)
// With a bound (Musuvathi, Qadeer: "Iterative Context Bounding", PLDI 2007) they would leave out
// too much, and are off.
//
// Thread safety: as strategy.h.
// Invariants:     (I1) path_[0 .. position_) are the decisions of this execution so far.
//                 (I2) when end() returns true, every execution within the bounds was run, but for
//                      those equivalent to one that was.
#pragma once

#include "stress/explore/array.h"
#include "stress/explore/strategy.h"

namespace weft::explore {

class Exhaustive final : public Strategy {
 public:
  static constexpr unsigned kNoBound = ~0u;

  enum class Reduction { kSleepSets, kNone };

  explicit Exhaustive(unsigned preemptions = kNoBound, Reduction reduction = Reduction::kSleepSets)
      : bound_(preemptions), reduction_(reduction) {}

  Exhaustive(const Exhaustive&) = delete;
  Exhaustive& operator=(const Exhaustive&) = delete;
  ~Exhaustive();

  const char* name() const override { return "exhaustive"; }
  bool begin(uint64_t seed) override;
  ThreadId choose(const Candidates& candidates) override;
  unsigned choose_value(Question question, unsigned n) override;
  void step(ThreadId id, const Operation& pending) override;
  bool wants_steps() const override { return uses_sleep_sets(); }
  bool wants_one_program() const override { return true; }
  bool end() override;

  // Where the search is, between executions: which answer the next one gives to each decision that
  // it has in common with the last. Another one, made alike and told this before its first
  // execution, goes on as this one would, if the body is the same. Empty before the first.
  uint32_t position_count() const { return path_.empty() ? plan_.size() : path_.size(); }
  uint16_t position(uint32_t i) const { return path_.empty() ? plan_[i] : path_[i].chosen; }
  void go_on_from(const uint16_t* answers, uint32_t count);

  unsigned preemption_bound() const { return bound_; }
  // Executions in which all that could go on was asleep at some decision: they are equivalent to
  // others, and were run to their end without any further choice.
  uint64_t redundant() const { return redundant_; }
  // Whether this execution, or the one that has just ended, is one of them.
  bool is_redundant() const { return redundant_now_; }

 private:
  struct Asleep {
    ThreadId id;
    Operation pending;
  };
  // A decision. Its own sleep set is asleep_[asleep .. asleep + asleep_count).
  struct Node {
    Candidates candidates;
    Operation operation;  // that the chosen thread was about to do
    uint32_t asleep;
    uint32_t asleep_count;
    uint32_t preemptions;  // before this decision
    uint16_t chosen;       // an index
    uint16_t count;
    bool is_value;
    bool may_preempt;
  };

  bool uses_sleep_sets() const { return bound_ == kNoBound && reduction_ == Reduction::kSleepSets; }
  bool is_asleep(const Node& node, ThreadId id) const;
  // The first answer from `index` on that is to be tried; node.count if there is none.
  unsigned next_answer(const Node& node, unsigned index) const;
  Node& add_node();
  // A decision that an earlier search had made already: the answers before were tried.
  void take_from_plan(Node& node);
  // From now on asleep: what slept at the node and does not depend on what it chose.
  void fall_asleep(const Node& node);
  // Forgets decisions whose answers have all been tried; the last one left gets its next answer.
  void go_back();

  unsigned bound_;
  Reduction reduction_;
  uint32_t position_ = 0;
  uint32_t preemptions_ = 0;
  bool redundant_now_ = false;
  uint64_t redundant_ = 0;
  Array<uint16_t> plan_;
  Array<Node> path_;
  Array<Asleep> asleep_;    // of all nodes, one after the other
  Array<Asleep> sleepers_;  // at this moment
};

}  // namespace weft::explore
