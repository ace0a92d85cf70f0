// Spinning: how long a thread looks for what it waits for before it goes to sleep.
//
// A thread that was put to sleep costs its waker a system call and starts microseconds later, tens
// of them if its processor has stopped meanwhile. So it is worth to look for about as long, and no
// longer. The pauses between looks grow: a thread that looks without a break takes the line it
// looks at from the thread that is about to write to it.
//
// The budget of a wait, in looks, adapts to what spinning brought its thread before (Patience).
// While the process has one processor (processors.h) nobody spins: what is waited for cannot come
// meanwhile. Under the explorer threads take turns, and nobody spins either.
//
// Thread safety: a Spin and a Patience belong to one thread, the functions to all.
// Invariants:
//   (I1) No Spin allows more than kMostLooks looks, some 40 microseconds; so a thread that waits
//        for long sleeps, and uses no processor.
//   (I2) A thread whose waits are always long spins kLeastLooks looks, below half a microsecond,
//        and once in kProbe waits for longer, to see whether that has changed.
// Memory ordering: none.
#pragma once

#include <sched.h>

#include <cstddef>
#include <cstdint>

#include "primitives/base/processors.h"

namespace weft::internal {

inline constexpr std::uint32_t kLeastLooks = 4;
inline constexpr std::uint32_t kMostLooks = 64;
inline constexpr int kMostYields = 16;

// Whether it is worth to look instead of sleeping.
bool may_spin();

// Pauses between looks, longer each time: at first `first` times the shortest, at last `most`
// times.
class SpinPauses {
 public:
  explicit SpinPauses(std::uint32_t first = 1, std::uint32_t most = 16)
      : pauses_(first), most_(most) {}

  void next() {
    for (std::uint32_t i = 0; i < pauses_; ++i) pause();
    if (pauses_ < most_) pauses_ *= 2;
  }

 private:
  // Tells the processor that this thread spins: some 10 to 50 nanoseconds.
  static void pause() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("isb" ::: "memory");
#endif
  }

  std::uint32_t pauses_;
  const std::uint32_t most_;
};

// The looks of one wait: for (Spin spin(looks); spin.again();) if (it is there) return true;
class Spin {
 public:
  // With a pause before the first look, too.
  explicit Spin(std::uint32_t looks, SpinPauses pauses = SpinPauses())
      : left_(looks), pauses_(pauses) {}

  // False when the looks are used up; else pauses before the next one.
  bool again() {
    if (left_ == 0) return false;
    --left_;
    pauses_.next();
    return true;
  }

 private:
  std::uint32_t left_;
  SpinPauses pauses_;
};

// What one thread has learnt about its waits.
class Patience {
 public:
  std::uint32_t looks() const { return looks_; }
  // What it waited for came while it looked.
  void paid() {
    looks_ = 2 * looks_ < kMostLooks ? 2 * looks_ : kMostLooks;
    failures_ = 0;
  }
  // It did not, and the thread goes to sleep.
  void failed() {
    looks_ = looks_ / 2 > kLeastLooks ? looks_ / 2 : kLeastLooks;
    if (++failures_ % kProbe == 0) looks_ = kMostLooks;
  }

 private:
  static constexpr std::uint32_t kProbe = 64;

  std::uint32_t looks_ = kMostLooks;
  std::uint32_t failures_ = 0;  // since it last paid
};

// The calling thread's.
Patience& this_threads_patience();

// Looks as long as the calling thread's patience lasts; true if `come()` was.
template <class Come>
bool spin_until(const Come& come) {
  if (may_spin()) {
    Patience& patience = this_threads_patience();
    for (Spin spin(patience.looks()); spin.again();) {
      if (!come()) continue;
      patience.paid();
      return true;
    }
    patience.failed();
  }
  note_vain_wait();
  return false;
}

// Gives the processor to others instead of looking, a few times; true if `come()` was. For one that
// waits for threads that have no processor: they do what it waits for on this one, and it needs no
// sleep and nobody to wake it. What it costs in vain is a few system calls.
template <class Come>
bool yield_until(const Come& come) {
  note_vain_wait();
#if !defined(WEFT_EXPLORE)
  for (int i = 0; i < kMostYields; ++i) {
    (void)sched_yield();
    if (come()) return true;
  }
#endif
  return come();
}

}  // namespace weft::internal
