// Elsewhere: while it lives, a thread is kept off the processor of whoever made it.
//
// A kernel that wakes a thread may queue it behind a running one though another processor is idle:
// Linux does, on virtual machines above all, and moves what is queued once in several milliseconds
// only. Who sees that, or expects it, can help: the thread's set of processors is bound to be
// without the caller's, which moves the thread at once if it is queued there, and makes a wake-up
// meanwhile choose another one; then the thread gets its set back, and stays where it is.
//
// Thread safety: any thread makes it, for any thread of the process but itself.
// Invariants:     (I1) Afterwards the thread may run wherever it could before. One that was bound
//                      to nothing still is: it follows when its container's processors change.
//                 (I2) A thread that may run on the caller's processor only, or has ended, is left
//                      alone. So is everybody under the explorer, where one thread runs at a time.
// Non-invariants: if somebody else binds the same thread within these few microseconds, either
//        binding may be the one that stays.
#pragma once

#include <sys/types.h>

#include <array>

#include "primitives/base/processors.h"

namespace weft::internal {

// The number of the processor that the calling thread runs on; negative if that is not known, or
// must not matter. Some nanoseconds, as the C library keeps it up to date.
int this_processor();

class Elsewhere {
 public:
  explicit Elsewhere(pid_t thread);
  ~Elsewhere();
  Elsewhere(const Elsewhere&) = delete;
  Elsewhere& operator=(const Elsewhere&) = delete;

 private:
  using Set = std::array<unsigned long, Affinities::kMostProcessors / Affinities::kBitsOfWord>;
  bool get(Set& set) const;
  bool bind(const Set& set) const;

  const pid_t thread_;
  bool is_kept_off_ = false;
  Set before_;
};

// If it waits for this thread's processor, it goes to another one.
inline void send_elsewhere(pid_t thread) { const Elsewhere sent(thread); }

}  // namespace weft::internal
