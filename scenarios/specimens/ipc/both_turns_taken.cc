// Main takes both turns before it starts the players, so that nobody may begin.
#include "primitives/ipc/semaphore.h"
#include "scenarios/specimens/ipc/ipc.h"
#include "scenarios/specimens/ipc/ping_pong.h"

namespace weft::scenarios::specimens::ipc {

constinit const Specimen kBothTurnsTaken{
    .row = "003-3",
    .name = "ipc/both_turns_taken",
    .mistake = "both turns are taken at the start, and each process waits for the other one's move",
    .kind = kind::kHang,
    .body = play<weft::ipc::Semaphore, 0, 0, 0>,
    .mended = play<weft::ipc::Semaphore, 1, 0, 0>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::ipc
