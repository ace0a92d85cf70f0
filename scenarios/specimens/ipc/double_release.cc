// Turns are semaphores, and ping hands the turn over twice: a lock would refuse the second release,
// a semaphore stores it.
#include "primitives/ipc/semaphore.h"
#include "scenarios/specimens/ipc/ipc.h"
#include "scenarios/specimens/ipc/ping_pong.h"

namespace weft::scenarios::specimens::ipc {

constinit const Specimen kDoubleRelease{
    .row = "003-3",
    .name = "ipc/double_release",
    .mistake =
        "a semaphore in place of a lock keeps a second release, and pong plays twice in a row",
    .kind = kind::kAssertion,
    .body = play<weft::ipc::Semaphore, 1, 0, 1>,
    .mended = play<weft::ipc::Semaphore, 1, 0, 0>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::ipc
