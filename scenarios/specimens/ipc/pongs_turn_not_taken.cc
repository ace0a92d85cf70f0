// Main forgets to take pong's turn before the game: pong may begin, or play twice in a row.
#include "primitives/ipc/semaphore.h"
#include "scenarios/specimens/ipc/ipc.h"
#include "scenarios/specimens/ipc/ping_pong.h"

namespace weft::scenarios::specimens::ipc {

constinit const Specimen kPongsTurnNotTaken{
    .row = "003-3",
    .name = "ipc/pongs_turn_not_taken",
    .mistake = "both turns are free at the start, so pong need not wait for ping",
    .kind = kind::kAssertion,
    .body = play<weft::ipc::Semaphore, 1, 1, 0>,
    .mended = play<weft::ipc::Semaphore, 1, 0, 0>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::ipc
