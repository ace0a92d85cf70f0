// Selectively uniform random walk: every order of the operations that matter is as likely as any
// other, where a random walk hardly ever lets a short thread wait for a long one.
//
// A thread goes on with a probability that is proportional to how many operations it has left,
// those of threads that it will make included; then all interleavings of the same operations are
// equally likely. What a thread has left is estimated from the executions before. What matters is
// drawn anew for each execution: all operations, or those on one or two objects that several
// threads touch. The thread that is to do the next of those is drawn by the weights; until it has,
// the others may do anything else, in any order.
//
// Zhao, Wolff, Mathur, Roychoudhury: "Selectively Uniform Concurrency Testing", ASPLOS 2025,
// sections 3 and 4.
//
// Thread safety: as strategy.h.
// Invariants:     (I1) weight_[t] is what thread t and the threads that it has yet to make are
//                      expected to do of what matters, from now on.
// Non-invariants: the estimate is right. It is for programs whose threads do the same in whatever
//                 order, and for these alone uniformity is exact; where threads wait for each
//                 other, orders that lead to the same waiting are not told apart.
#pragma once

#include "stress/explore/strategy.h"

namespace weft::explore {

class Surw final : public Strategy {
 public:
  enum class Matters { kAny, kAll };  // kAll: a uniform random walk over all operations

  explicit Surw(Matters matters = Matters::kAny) : all_(matters == Matters::kAll) {}

  const char* name() const override { return all_ ? "urw" : "surw"; }
  bool begin(uint64_t seed) override;
  ThreadId choose(const Candidates& candidates) override;
  unsigned choose_value(Question question, unsigned n) override;
  void step(ThreadId id, const Operation& pending) override;
  bool wants_steps() const override { return true; }
  bool end() override;

  // An object met in some execution; its number is in the order of first appearance, which does
  // not depend on addresses.
  struct Object {
    uintptr_t address = 0;
    ThreadId toucher = kNobody;  // of several: kNobody
    bool shared = false;
    bool changed = false;
  };

 private:
  static constexpr unsigned kObjects = 256;
  static constexpr unsigned kCounts = 4096;
  static constexpr unsigned kNone = ~0u;

  struct Count {
    uint32_t key = 0;  // object and thread, plus one; 0: free
    uint32_t count = 0;
  };

  unsigned number_of(uintptr_t address);
  Count* count_of(unsigned object, unsigned thread);
  void count(ThreadId id, const Operation& operation);
  void draw_what_matters();
  bool matters(const Operation& operation) const {
    return everything_ || operation.object == objects_now_[0] ||
           operation.object == objects_now_[1];
  }
  // Sets the weights for what was drawn.
  void weigh();
  // Threads that appear for the first time are no longer their makers' to do.
  void welcome(const Candidates& candidates);
  void done(ThreadId id, const Operation& operation);
  ThreadId draw_by_weight(const Candidates& candidates);

  const bool all_;
  Dice dice_;
  uint64_t executions_ = 0;
  bool profiling_ = false;
  bool everything_ = true;
  uintptr_t objects_now_[2] = {};
  unsigned numbers_now_[2] = {kNone, kNone};
  ThreadId intended_ = kNobody;
  ThreadId last_ = 0;
  unsigned known_ = 1;  // threads met in this execution have ids below
  unsigned most_ = 1;   // in any execution

  unsigned object_count_ = 0;
  Object objects_[kObjects];
  uint16_t slots_[kObjects * 4] = {};  // by address: a number, plus one
  Count counts_[kCounts];
  uint32_t own_[kMaxThreads] = {};    // all operations of a thread, when last profiled
  uint32_t doing_[kMaxThreads] = {};  // in this execution
  ThreadId parent_[kMaxThreads] = {};
  // It has waited for a thread and made none since: what it does comes after others, not beside.
  bool has_joined_[kMaxThreads] = {};
  uint32_t weight_[kMaxThreads] = {};
};

}  // namespace weft::explore
