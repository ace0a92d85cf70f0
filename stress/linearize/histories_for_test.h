// Random histories, and the judge's obvious twin: it tries all orders.
//
// Thread safety: pure functions, each with its own Random.
#pragma once

#include <functional>
#include <vector>

#include "stress/linearize/history.h"
#include "stress/linearize/judge.h"
#include "stress/linearize/specification.h"
#include "stress/run/random.h"

namespace weft::linearize {

struct Wanted {
  unsigned threads = 3;
  unsigned operations = 4;  // of each thread, at most
  // Draws a call: its function and its arguments.
  std::function<Operation(Random&)> draw;
  unsigned killed_percent = 10;  // threads that die in their last call
};

// One that the specification allows, under its own times. Threads that nobody lets go on end in a
// blocked call.
History random_history(const Specification& specification, Random& random, const Wanted& wanted);

// Changes a few results, ends or times, so that it may be wrong. `known` must be empty.
void damage(History& history, Random& random);

// Replaces the times by an order that is known only here and there: what a thread knows is what it
// did itself and what it learned from some of those that had returned.
void forget(History& history, Random& random);

bool has_order(const Specification& specification, const History& history);

// Whether what a judgement says of a history is so: the order is allowed, keeps what is known, has
// all that it must, and each refusal is one.
void expect_sound(const Specification& specification, const History& history,
                  const Judgement& judgement);

}  // namespace weft::linearize
