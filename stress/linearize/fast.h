// Faster ways than the search for some abstract types, in O(n log n) for n calls that all returned
// (of a stack: O(n^2) at worst), under an order of intervals (real time).
//
// Thread safety: pure functions.
#pragma once

#include <optional>
#include <span>

#include "stress/linearize/abstraction.h"
#include "stress/linearize/calls.h"
#include "stress/linearize/intervals.h"
#include "stress/linearize/judgement.h"

namespace weft::linearize::internal {

// kLinearizable or kViolated; nothing if the way cannot take this history.
std::optional<Verdict> fast_verdict(const Calls& calls, const Abstraction& abstraction);

// The ways themselves; `when` is of each call. The zones of Gibbons and Korach ("Testing shared
// memories", SIAM J. Comput. 1997, section 4.2): a register each of whose writes has a value of its
// own. A lock's critical sections are such zones, too.
std::optional<Verdict> register_verdict(const Calls& calls, std::span<const Interval> when,
                                        const Abstraction& abstraction);
std::optional<Verdict> lock_verdict(const Calls& calls, std::span<const Interval> when,
                                    const Abstraction& abstraction);
// The violations of Henzinger, Sezgin and Vafeiadis ("Aspect-oriented linearizability proofs",
// CONCUR 2013, section 3): a queue whose items are all different.
std::optional<Verdict> queue_verdict(const Calls& calls, std::span<const Interval> when,
                                     const Abstraction& abstraction);
// Items that enclose all others, and moments at which the stack may be empty, see stacks.cc: a
// stack whose items are all different.
std::optional<Verdict> stack_verdict(const Calls& calls, std::span<const Interval> when,
                                     const Abstraction& abstraction);
// A matching of increments to the moments at which the counter must change, see counts.cc.
std::optional<Verdict> counter_verdict(const Calls& calls, std::span<const Interval> when,
                                       const Abstraction& abstraction);

// Binds the puts of a queue's items to the order in which they were probably put: where a search
// finds an order at all, it is one of the history, and it is found soon; where it finds none, that
// says nothing. False if there is nothing to bind.
bool guide(Calls& calls, const Abstraction& abstraction);

}  // namespace weft::linearize::internal
