// Follows an execution as far as it fits, and lets it be changed: the decisions of the execution
// that are no habit, each told by where it was made, so that leaving one out leaves the others
// their meaning.
//
// The habit is to switch only where the running thread cannot go on, and then to whoever ran last
// of those that may; to answer 0 to all else. Where a decision is made is told by the thread that
// runs and how many operations it has done, or how many questions it has met.
//
// Thread safety: as strategy.h.
// Invariants:     (I1) an execution follows from the decisions kept. With those of departures() of
//                      an earlier execution, all kept, it is that execution.
#pragma once

#include "stress/explore/array.h"
#include "stress/explore/strategy.h"

namespace weft::explore {

// What an execution did that is not the habit.
struct Departure {
  enum class What : uint8_t { kPreemption, kSwitch, kValue };
  What what;
  ThreadId thread;   // that ran
  uint32_t done;     // its operations before; of a value: its questions before
  uint16_t instead;  // the thread that goes on, or the value

  bool operator==(const Departure&) const = default;
};

class Follow final : public Strategy {
 public:
  // The execution to come takes its decisions by index, as Replay does, ...
  void follow(const uint16_t* decisions, uint32_t count);
  // ... or these departures, where they fit: a switch that was no preemption is to be none again.
  void follow(const Departure* departures, uint32_t count);

  const char* name() const override { return "follow"; }
  bool begin(uint64_t seed) override;
  ThreadId choose(const Candidates& candidates) override;
  unsigned choose_value(Question question, unsigned n) override;
  void step(ThreadId id, const Operation& pending) override;
  bool wants_steps() const override { return true; }

  // Of the last execution.
  const Array<Departure>& departures() const { return done_departures_; }
  // Each time that another thread went on, in turn, whether by habit or not.
  const Array<Departure>& turns() const { return turns_; }
  // How often another thread went on, and how often though the one before could have.
  uint32_t switches() const { return switches_; }
  uint32_t preemptions() const { return preemptions_; }
  uint32_t values() const { return values_; }

 private:
  ThreadId habit(const Candidates& candidates) const;
  const Departure* wanted(bool is_value, ThreadId thread, uint32_t done) const;
  void go_on_with(ThreadId id, Departure::What how);

  bool by_index_ = false;
  Array<uint16_t> decisions_;
  uint32_t position_ = 0;
  Array<Departure> given_;

  Array<Departure> done_departures_;
  Array<Departure> turns_;
  uint32_t switches_ = 0;
  uint32_t preemptions_ = 0;
  uint32_t values_ = 0;
  ThreadId last_ = 0;
  uint32_t steps_ = 0;
  unsigned known_ = 0;
  uint32_t operations_[kMaxThreads] = {};
  uint32_t questions_[kMaxThreads] = {};
  uint32_t ran_at_[kMaxThreads] = {};  // the last of steps_ that was the thread's
};

}  // namespace weft::explore
