// Forks that are taken by looking whether they are free and then taking them, in two steps. The
// order in which they are taken is right, so nobody waits for ever: two may have one fork.
#include <atomic>

#include "primitives/annotate.h"
#include "scenarios/avoidance/global_order.h"
#include "scenarios/specimens/deadlock/deadlock.h"
#include "scenarios/specimens/deadlock/dinner.h"
#include "scenarios/specimens/deadlock/looked_at_first.h"

namespace weft::scenarios::specimens::deadlock {
namespace {

void between() { annotate::point("saw a free fork"); }

template <bool kInOneStep>
using Fork = avoidance::LookedAtFirst<std::atomic<bool>, kInOneStep, between>;

template <bool kInOneStep>
std::string eat_with_forks() {
  return dinner_of<avoidance::GlobalOrder<Fork<kInOneStep>>, Fork<kInOneStep>>(3);
}

}  // namespace

constinit const Specimen kForkLookedAtFirst{
    .row = "003-1a",
    .name = "deadlock/fork_looked_at_first",
    .mistake = "a fork is taken after a look at whether it is free, in two steps",
    .kind = kind::kAssertion,
    .kind_under_explore = kind::kDataRace,
    .body = eat_with_forks<false>,
    .mended = eat_with_forks<true>,
};

}  // namespace weft::scenarios::specimens::deadlock
