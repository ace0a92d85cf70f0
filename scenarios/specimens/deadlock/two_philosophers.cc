// The smallest ring: two philosophers and two forks, each beginning with the other one's second.
#include "scenarios/avoidance/all_or_none.h"
#include "scenarios/specimens/deadlock/broken_strategies.h"
#include "scenarios/specimens/deadlock/deadlock.h"
#include "scenarios/specimens/deadlock/dinner.h"

namespace weft::scenarios::specimens::deadlock {

constinit const Specimen kTwoPhilosophers{
    .row = "003-1a",
    .name = "deadlock/two_philosophers",
    .mistake = "two philosophers reach for the same two forks from opposite ends",
    .kind = kind::kHang,
    .deadlock =
        "thread 0 waits for Lock 'fork 1' held by thread 1; thread 1 waits for Lock 'fork 0' held "
        "by thread 0",
    .body = dinner<avoidance::LeftFirst, 2>,
    .mended = dinner<avoidance::AllOrNone, 2>,
};

}  // namespace weft::scenarios::specimens::deadlock
