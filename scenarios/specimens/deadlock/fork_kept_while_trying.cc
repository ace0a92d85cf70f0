// Nobody sleeps on the second fork: everybody tries for it again and again, but keeps the first one
// meanwhile.
#include "scenarios/avoidance/back_off.h"
#include "scenarios/specimens/deadlock/broken_strategies.h"
#include "scenarios/specimens/deadlock/deadlock.h"
#include "scenarios/specimens/deadlock/dinner.h"

namespace weft::scenarios::specimens::deadlock {

constinit const Specimen kForkKeptWhileTrying{
    .row = "003-1a",
    .name = "deadlock/fork_kept_while_trying",
    .mistake = "the second fork is tried for in a loop while the first one is kept",
    .kind = kind::kLivelock,
    .body = dinner<avoidance::KeepsFork, 3>,
    .mended = dinner<avoidance::BackOff, 3>,
};

}  // namespace weft::scenarios::specimens::deadlock
