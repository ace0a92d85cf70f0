// Ping-pong hands the turn over: the process that releases a turn is not the one that acquired it.
// A lock with an owner refuses that, and its exception ends the process.
#include "primitives/ipc/lock.h"
#include "primitives/ipc/rlock.h"
#include "scenarios/specimens/ipc/in_processes.h"
#include "scenarios/specimens/ipc/ipc.h"

namespace weft::scenarios::specimens::ipc {
namespace {

template <class Turn>
std::string hand_over() {
  Turn pong;
  pong.acquire();
  return in_processes({[&] { pong.release(); }});  // by ping, as it plays its first ball
}

}  // namespace

constinit const Specimen kForeignRelease{
    .row = "003-3",
    .name = "ipc/foreign_release",
    .mistake = "a lock that checks its owner stands for a turn that another process hands over",
    .kind = kind::kAssertion,
    .body = hand_over<weft::ipc::RLock>,
    .mended = hand_over<weft::ipc::Lock>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::ipc
