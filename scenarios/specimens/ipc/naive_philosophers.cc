// Five philosophers, each a process, and everybody takes the left fork first.
#include "scenarios/avoidance/odd_even.h"
#include "scenarios/specimens/deadlock/broken_strategies.h"
#include "scenarios/specimens/ipc/dinner.h"
#include "scenarios/specimens/ipc/ipc.h"

namespace weft::scenarios::specimens::ipc {

constinit const Specimen kNaivePhilosophers{
    .row = "003-1a",
    .name = "ipc/naive_philosophers",
    .mistake = "each process takes the left fork first, and then all wait for the right one",
    .kind = kind::kHang,
    .body = dinner<avoidance::LeftFirst, 5>,
    .mended = dinner<avoidance::OddEven, 5>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::ipc
