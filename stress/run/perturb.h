// Decides, from a seed alone, where an execution delays its threads and how.
//
// Thread safety: Plan is published by the search before an execution and withdrawn after it; hooks
//                of any thread read it.
// Memory ordering: relaxed, as all that hooks touch (threads.h says why). A thread that sees a
//                  half-published plan is perturbed oddly for one step, which harms nothing.
#pragma once

#include <cstdint>
#include <string_view>

#include "stress/run/random.h"

namespace weft::internal {

// What to do at one hook. `amount`: microseconds of a sleep, rounds of a spin.
struct Step {
  enum Action { kNothing, kYield, kSleep, kSpin };
  Action action = kNothing;
  unsigned amount = 0;
  friend bool operator==(const Step&, const Step&) = default;
};

// The next decision of a thread under one PerturbModes bit.
Step next_step(unsigned mode, Random& random);
void perform(const Step& step);

// The mode of the execution with this seed, one bit of `allowed` (which is not 0). Consecutive
// seeds alternate between plain and another mode when both kinds are allowed, because their lowest
// bits alternate.
unsigned mode_of(std::uint64_t seed, unsigned allowed);
std::string_view mode_name(unsigned mode);

void publish_plan(std::uint64_t seed, unsigned mode);
void withdraw_plan();

// Makes the calling thread part of the published execution under a number: its decisions and its
// random numbers follow from seed and number.
void adopt_plan(unsigned index);
// The same for a thread that the search did not make: numbered in order of arrival. Does nothing
// when it has joined already, or when no execution is running.
void adopt_plan_if_new();

// What a hook does: perhaps delays the calling thread.
void perturb_this_thread();

// Keeps the calling thread, and those it makes, on one core chosen by the seed, until destroyed.
class Pinned {
 public:
  Pinned(std::uint64_t seed, bool enabled);
  ~Pinned();
  Pinned(const Pinned&) = delete;
  Pinned& operator=(const Pinned&) = delete;

 private:
  struct Mask;
  Mask* before_ = nullptr;
};

}  // namespace weft::internal
