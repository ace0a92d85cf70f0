// One execution of a body: its seed, its gate, and what went wrong in it.
//
// Thread safety: record() and event() from any thread; the rest as said.
// Invariants:     (I1) at most one violation of each kind is kept, the first.
// Memory ordering: record() takes a lock, which orders threads only after a violation.
// relaxed throughout: the gate and the events order no tested threads.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "stress/run/report.h"
#include "stress/run/threads.h"

namespace weft::internal {

class Execution {
 public:
  Execution(std::uint64_t seed, std::uint64_t number, unsigned mode)
      : seed_(seed), number_(number), mode_(mode) {}
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;
  ~Execution();

  std::uint64_t seed() const { return seed_; }
  std::uint64_t number() const { return number_; }
  unsigned mode() const { return mode_; }

  void record(Kind kind, std::string text);
  void event(std::string_view text);
  // Seen without a lock; exact once the execution's threads are joined.
  bool violated() const { return violated_.load(std::memory_order_relaxed); }
  std::vector<Violation> take_violations();
  std::vector<std::string> events() const;

  // Of the explorer, where one thread runs at a time: no two executions of a process have the same
  // serial number, and whether any of its threads has drawn a random number.
  std::uint64_t serial() const { return serial_; }
  void draw_random() { drew_random_ = true; }
  bool drew_random() const { return drew_random_; }
  // See Run::may_end_stuck().
  void may_end_stuck(bool (*is_right)(void*), void* argument) {
    stuck_is_right_ = is_right;
    stuck_argument_ = argument;
  }
  bool stuck_is_right() const {
    return stuck_is_right_ != nullptr && stuck_is_right_(stuck_argument_);
  }

  // Threads of phase p go on once the gate's value exceeds p.
  std::atomic<unsigned>& gate() { return gate_; }
  void open_gate(unsigned value);
  // A thread of run.thread() is about to be made; it will pass the gate.
  void expect_thread() { expected_.fetch_add(1, std::memory_order_relaxed); }
  // Threads that have not passed shall not run any more.
  void close_gate() { closed_.store(true, std::memory_order_relaxed); }
  // Returns when the gate is open for `phase`, or after some milliseconds; together with the other
  // expected threads as far as that costs only microseconds. False if it was closed.
  bool pass_gate(unsigned phase);

 private:
  static constexpr std::size_t kMaxEvents = 128;
  struct Event {
    std::atomic<std::uint64_t> ticket{0};  // from 1; 0: unused
    RelaxedText thread;
    RelaxedText text;
  };
  struct Events {
    std::atomic<std::uint64_t> tickets{0};
    std::array<Event, kMaxEvents> ring{};
  };
  // Those of the execution before, cleared if it had any: making them takes as long as a short
  // execution does.
  static std::unique_ptr<Events> unused_events();

  static inline std::uint64_t made_ = 0;  // by the search, one at a time

  const std::uint64_t serial_ = ++made_;
  const std::uint64_t seed_;
  const std::uint64_t number_;
  const unsigned mode_;
  bool drew_random_ = false;
  bool (*stuck_is_right_)(void*) = nullptr;
  void* stuck_argument_ = nullptr;
  std::atomic<unsigned> gate_{0};
  std::atomic<bool> closed_{false};
  std::atomic<unsigned> expected_{0};
  std::atomic<unsigned> passed_{0};
  std::atomic<bool> violated_{false};
  mutable std::mutex mutex_;
  std::vector<Violation> violations_;  // guarded by mutex_
  std::unique_ptr<Events> events_ = unused_events();
  static inline std::atomic<Events*> spare_{nullptr};
};

// The execution that is running in this process, or null. A violation reported by a thread that
// the search did not make (an expectation of a test framework, say) belongs to it.
Execution* current_execution();
void set_current_execution(Execution* execution);
// The execution that the calling thread was made for, else the current one. Differs from
// current_execution() in a thread left behind by a hang.
Execution* execution_of_this_thread();
void set_execution_of_this_thread(Execution* execution);

// "std::runtime_error: no such file", from inside a catch block.
std::string describe_current_exception();

}  // namespace weft::internal
