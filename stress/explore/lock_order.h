// In which order threads take their locks, and whether orders contradict each other: a deadlock
// that did not happen this time.
//
// A thread that holds a and waits for b makes an edge a -> b. A cycle of edges is an inversion if a
// deadlock could come of it:
//   (C1) every edge is of another thread;
//   (C2) no two of the threads hold a common lock meanwhile, a gate that lets one of them in at a
//        time (two readers of one shared lock are no gate to each other);
//   (C3) no edge lies before another one by the creation or the end of a thread;
//   (C4) nobody waits for a lock that the next one only shares, while it would share it, too.
// An attempt, or a wait that has a time-out, ends by itself: it makes no edge to its lock, but
// there are edges from what it got. A lock that was let go by another thread than its holder is a
// signal, not a lock, and has no order. A semaphore is a gate (C2) if threads give back what they
// took: a room with a seat too few for the cycle. How many seats there are is not asked.
//
// Sources: Bensalem, Havelund, "Scalable dynamic deadlock analysis of multi-threaded programs"
// (2005); Agarwal, Wang, Stoller, "Detecting potential deadlocks with static analysis and run-time
// monitoring" (2005): gate locks and segments.
//
// Thread safety: none.
// Invariants:     (I1) a Hold is never changed: what a thread holds is a list of them, the last
//                      taken first, and the list that it had at any time is still there.
//                 (I2) two sets of holds with one signature have the same edges (but for a
//                      collision of 64 bits). Segments, threads and gates are not in it: it
//                      remembers that there is no cycle at all, which is the usual case.
// Non-invariants: that an inversion can deadlock: other synchronization than C3's may forbid it.
#pragma once

#include <stdint.h>

#include "stress/explore/array.h"
#include "stress/explore/operation.h"

namespace weft::explore {

// Told apart by address, and by how many locks had ended before this one began at that address.
using LockId = uint64_t;

// What a thread holds, and how many threads it has made or joined: a part of the thread.
struct LockHolder {
  uint32_t held = 0;  // the last of its holds; 0 if it holds nothing
  uint32_t segment = 0;
};

class LockOrder {
 public:
  // How a lock is taken. kTold: its own class tells so, by a hook.
  enum : uint8_t { kShared = 1, kWaits = 2, kPermit = 4, kTold = 8 };

  struct Hold {
    uint64_t chain;  // a hash of this hold's locks and those below it
    LockId lock;
    uint32_t below;  // what the thread held already
    uint32_t segment;
    uint32_t event;  // the number of recorded events at that time
    ThreadId thread;
    uint8_t how;
  };

  // An edge of an inversion: `thread` took `taken` while it had `held`.
  struct Edge {
    ThreadId thread;
    uint32_t held;  // holds
    uint32_t taken;
  };

  void begin_execution() {
    holds_.clear();
    holds_.push({});
    made_.clear();
    signals_.clear();
    gates_.clear();
    signature_ = 0;
    found_.clear();
  }

  void take(LockHolder& holder, ThreadId thread, LockId lock, uint8_t how, uint32_t event = 0) {
    const Hold& below = holds_[holder.held];
    const uint64_t chain = (below.chain + lock * 8 + how) * 0x9E3779B97F4A7C15u;
    if (holder.held != 0 && (how & kWaits) != 0) signature_ += chain ^ (chain >> 32);
    holds_.push({chain, lock, holder.held, holder.segment, event, thread, how});
    holder.held = holds_.size() - 1;
  }
  void let_go(LockHolder& holder, LockId lock) {
    if (holds_[holder.held].lock == lock) [[likely]] {
      holder.held = holds_[holder.held].below;
    } else {
      let_go_below(holder, lock);
    }
  }
  // Another thread than its holder has let go of it.
  void is_signal(LockId lock) { signals_.push(lock); }
  // A permit was given back by a thread that had it.
  void is_gate(LockId semaphore) {
    for (LockId known : gates_) {
      if (known == semaphore) return;
    }
    gates_.push(semaphore);
  }
  bool has(const LockHolder& holder, LockId lock) const;

  void created(LockHolder& maker, ThreadId thread, ThreadId made) {
    made_.push({maker.segment++, thread, made, false});
  }
  void joined(LockHolder& joiner, ThreadId thread, ThreadId ended) {
    made_.push({++joiner.segment, thread, ended, true});
  }

  // Looks for an inversion among all that was told since begin_execution(). The first of the
  // shortest ones, which edges() then are; each takes what the next one holds.
  bool find();
  const Array<Edge>& edges() const { return found_; }
  const Hold& hold(uint32_t number) const { return holds_[number]; }

 private:
  // Creation: segments up to this one of `thread` come before all of `other`. Join: all of `other`
  // come before this segment of `thread` and later ones.
  struct Made {
    uint32_t segment;
    ThreadId thread;
    ThreadId other;
    bool joined;
  };
  struct Candidate {
    Edge edge;
    uint32_t from, to;  // locks, by number
  };

  void let_go_below(LockHolder& holder, LockId lock);
  void collect();
  void collect_edges_to(uint32_t hold);
  uint32_t number_of(LockId lock);
  bool is_acyclic();
  bool extend(uint32_t start, uint32_t at, uint32_t length);
  bool may_be_beside(const Candidate& one, const Candidate& other) const;
  bool is_before(const Hold& one, const Hold& other) const;
  bool have_gate(uint32_t one, uint32_t other) const;
  bool is_gate_between(const Hold& one, const Hold& other) const;
  bool waits_for(const Candidate& one, const Candidate& next) const;

  Array<Hold> holds_;  // the first one is none
  Array<Made> made_;
  Array<LockId> signals_;
  Array<LockId> gates_;  // semaphores
  uint64_t signature_ = 0;
  Array<Edge> found_;

  // Of a search.
  Array<LockId> locks_;
  Array<uint32_t> slots_;  // of locks_, by hash; 0 is free
  Array<Candidate> candidates_;
  Array<uint32_t> first_;  // of each lock's candidates, which are sorted by `from`
  Array<uint32_t> path_;
  uint32_t steps_left_ = 0;

  static constexpr uint32_t kRemembered = 1024;
  uint64_t acyclic_[kRemembered] = {};  // signatures
};

}  // namespace weft::explore
