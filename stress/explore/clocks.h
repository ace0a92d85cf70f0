// Vector clocks: how much of each thread's work another thread, or a lock, has seen.
//
// A thread's work is divided into periods, numbered from 1, by its releases: what it does after a
// release is seen by nobody who has acquired only that. `clock_of(t).at[u]` is the last period of u
// that happens before what t does now. (Mattern, "Virtual Time and Global States of Distributed
// Systems", 1989; as used in Flanagan, Freund, "FastTrack", PLDI 2009.)
//
// Thread safety: as runtime.h.
// Invariants:     (I1) of a thread's arrays, the elements below `clock_width` are of this
//                      execution, and no other is read.
//                 (I2) at[id] == now >= 1, for a thread that was made in this execution.
//                 (I3) a Row is zero where nobody wrote; elements beyond its width are zero, too.
#pragma once

#include <stdint.h>

#include "stress/explore/strategy.h"

namespace weft::explore {

struct ThreadClock {
  uint32_t now = 0;  // its own period
  ThreadId id = 0;
  uint16_t ignored = 0;         // depth of annotations that say: do not look at what I do
  bool has_released = false;    // by a fence: `released` counts
  bool has_to_acquire = false;  // by a fence, if one comes: `to_acquire` counts
  bool has_joined = false;      // in this period: `at` has more of others than when it began
  uint32_t at[kMaxThreads] = {};
  uint32_t released[kMaxThreads] = {};
  uint32_t to_acquire[kMaxThreads] = {};

  bool has_seen(ThreadId thread, uint32_t period) const { return period <= at[thread]; }
  // Whoever acquires what this thread has released sees nothing that comes from here on.
  void begin_period() {
    at[id] = ++now;
    has_joined = false;
  }
  // From now on all of that clock has been seen.
  inline void join(const uint32_t* clock, uint32_t width);
};

extern ThreadClock thread_clocks[kMaxThreads] __attribute__((visibility("hidden")));
extern unsigned clock_width __attribute__((visibility("hidden")));  // threads made so far

// A clock of something that is no thread, in memory that an execution takes and never gives back.
// 0 is none.
using Row = uint32_t;
extern uint32_t* row_memory __attribute__((visibility("hidden")));
inline uint32_t* elements_of(Row row) { return row_memory + row; }
// So many elements that are zero.
Row new_row(uint32_t elements);
// Enough for the threads so far, and some more.
inline uint32_t good_row_width() { return (clock_width + 3) & ~3u; }

// An execution begins, with the root as thread 0. All rows are gone.
void begin_clocks();
// `parent` makes thread number clock_width: what it has done so far happens before all of that.
void fork_clock(ThreadClock& parent);

// Without a branch for each element, as which ones are greater is hard to foretell.
inline void join_clock(uint32_t* to, const uint32_t* from, uint32_t width) {
  for (uint32_t i = 0; i < width; ++i) to[i] = from[i] > to[i] ? from[i] : to[i];
}

inline void ThreadClock::join(const uint32_t* clock, uint32_t width) {
  join_clock(at, clock, width);
  has_joined = true;
}

// By a loop that stays one: compilers make calls of memcpy() of others, which the runtime itself
// defines.
inline void copy_clock(uint32_t* to, const uint32_t* from, uint32_t width) {
  for (uint32_t i = 0; i < width; ++i) {
    to[i] = from[i];
    asm("" : : : "memory");
  }
}

inline void clear_clock(uint32_t* clock, uint32_t width) {
  for (uint32_t i = 0; i < width; ++i) {
    clock[i] = 0;
    asm("" : : : "memory");
  }
}

}  // namespace weft::explore
