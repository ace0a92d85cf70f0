// Five philosophers, five forks, and everybody takes the left one first.
#include "scenarios/avoidance/odd_even.h"
#include "scenarios/specimens/deadlock/broken_strategies.h"
#include "scenarios/specimens/deadlock/deadlock.h"
#include "scenarios/specimens/deadlock/dinner.h"

namespace weft::scenarios::specimens::deadlock {

constinit const Specimen kNaivePhilosophers{
    .row = "003-1a",
    .name = "deadlock/naive_philosophers",
    .mistake = "everybody takes the left fork first, and then all wait for the right one",
    .kind = kind::kHang,
    .deadlock = "thread 0 waits for Lock 'fork 1' held by thread 1",
    .body = dinner<avoidance::LeftFirst, 5>,
    .mended = dinner<avoidance::OddEven, 5>,
};

}  // namespace weft::scenarios::specimens::deadlock
