// How far calls come whatever other threads do: a guarantee of progress, which the explorer checks.
//
//   obstruction-free   a call whose thread runs alone, from wherever the others were stopped for
//                      good, returns within so many steps
//   lock-free          whichever threads are stopped, wherever: some call of the others returns
//                      within so many steps of theirs
//   wait-free          each call returns within so many steps of its own
//
// (Herlihy, Shavit: "On the Nature of Progress", OPODIS 2011, section 2.) A step is what a thread
// does to an atomic, a lock or a thread (operation.h); plain accesses are none.
//
// A thread that is stopped for good does nothing for a while; so each is judged by what happens
// between two steps, and a schedule that shows it wrong, run again, shows it again. A call that
// waits until another thread does something keeps none of the three, for that thread may be
// stopped.
//
// Thread safety: values.
#pragma once

#include <stdint.h>

namespace weft::explore {

struct Guarantee {
  enum class Kind : uint8_t { kNone, kObstructionFree, kLockFree, kWaitFree };
  // More than any call of a small program takes, and fewer than the explorer lets a thread look
  // while nothing changes.
  static constexpr uint64_t kManySteps = 1000;

  Kind kind = Kind::kNone;
  uint64_t steps = kManySteps;
};

}  // namespace weft::explore
