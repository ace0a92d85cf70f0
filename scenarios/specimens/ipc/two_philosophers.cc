// The smallest ring: two processes and two forks, each beginning with the other one's second.
#include "scenarios/avoidance/all_or_none.h"
#include "scenarios/specimens/deadlock/broken_strategies.h"
#include "scenarios/specimens/ipc/dinner.h"
#include "scenarios/specimens/ipc/ipc.h"

namespace weft::scenarios::specimens::ipc {

constinit const Specimen kTwoPhilosophers{
    .row = "003-1a",
    .name = "ipc/two_philosophers",
    .mistake = "two processes reach for the same two forks from opposite ends",
    .kind = kind::kHang,
    .body = dinner<avoidance::LeftFirst, 2>,
    .mended = dinner<avoidance::AllOrNone, 2>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::ipc
