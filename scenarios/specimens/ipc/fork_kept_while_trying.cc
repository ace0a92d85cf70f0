// Nobody sleeps on the second fork: each process tries for it again and again, but keeps the first
// one meanwhile. Their parent is asleep, and they are not.
#include "scenarios/avoidance/back_off.h"
#include "scenarios/specimens/deadlock/broken_strategies.h"
#include "scenarios/specimens/ipc/dinner.h"
#include "scenarios/specimens/ipc/ipc.h"

namespace weft::scenarios::specimens::ipc {

constinit const Specimen kForkKeptWhileTrying{
    .row = "003-1a",
    .name = "ipc/fork_kept_while_trying",
    .mistake = "the second fork is tried for in a loop while the first one is kept",
    .kind = kind::kLivelock,
    .body = dinner<avoidance::KeepsFork, 3>,
    .mended = dinner<avoidance::BackOff, 3>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::ipc
