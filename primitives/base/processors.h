// Processors: on how many of them this process runs, also when its threads are bound to fewer, or
// let go, after it began (taskset, sched_setaffinity, a container whose set of processors changes).
//
// Each thread may be bound by itself, and nobody is told. So a thread asks the kernel where it may
// run itself, when it has looked in vain for what it waits for and is about to sleep anyway; and it
// asks once in kAskEach only. What counts is the union of what the threads have said lately: of two
// threads that are bound to one processor each, and to different ones, each runs beside the other.
//
// Thread safety: an Affinities belongs to one thread at a time, the functions to all.
// Invariants:
//   (I1) A thread makes at most one system call in kAskEach, and none unless it is about to sleep.
//   (I2) What a thread said is remembered until a round after the one in which it said it has
//        ended; a round ends when somebody asks, kRound or more after it began. So while threads
//        wait, the count follows after 2 * (kRound + kAskEach) at most.
// Non-invariants: threads that never wait are not counted. Under the explorer, where nobody spins,
//        nobody asks, and the count is that of the beginning.
// Memory ordering: none.
#pragma once

#include <bitset>
#include <chrono>
#include <cstddef>
#include <span>

namespace weft::internal {

// Where threads have said that they may run.
class Affinities {
 public:
  // The kernel's limit on x86-64.
  static constexpr std::size_t kMostProcessors = 8192;
  static constexpr std::size_t kBitsOfWord = 8 * sizeof(unsigned long);
  using Set = std::bitset<kMostProcessors>;
  using Time = std::chrono::nanoseconds;  // since whenever

  static constexpr Time kAskEach = std::chrono::milliseconds(4);
  static constexpr Time kRound = std::chrono::milliseconds(16);

  // Of the words that sched_getaffinity() fills.
  static Set set_of(std::span<const unsigned long> mask);

  // Where the process began.
  explicit Affinities(const Set& at_first) : this_round_(at_first) {}

  // What a thread says at `now`, which does not go back.
  void add(const Set& set, Time now) {
    if (now - round_began_ >= kRound) {
      before_ = this_round_;
      this_round_.reset();
      round_began_ = now;
    }
    this_round_ |= set;
  }
  std::size_t count() const { return (before_ | this_round_).count(); }

 private:
  Set before_;  // what was said in the round before
  Set this_round_;
  Time round_began_{0};
};

// At least one.
std::size_t processors();
// Those that the calling thread, and what it starts, may run on now. At least one.
std::size_t processors_of_this_thread();
// Called by a thread that has looked in vain, or did not look as it would be in vain, and is about
// to sleep.
void note_vain_wait();

}  // namespace weft::internal
