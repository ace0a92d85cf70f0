// Ping-pong hands the turn over: the one who releases a turn is not the one who acquired it. A lock
// with an owner refuses that.
#include "primitives/threading/lock.h"
#include "primitives/threading/rlock.h"
#include "primitives/threading/thread.h"
#include "scenarios/specimens/misuse/misuse.h"

namespace weft::scenarios::specimens::misuse {
namespace {

template <class Turn>
std::string hand_over() {
  Turn pong;
  Thread main_of_old([&] { pong.acquire(); });
  main_of_old.start();
  main_of_old.join();
  pong.release();  // by ping, as it plays its first ball
  return "";
}

}  // namespace

constinit const Specimen kForeignRelease{
    .row = "003-3",
    .name = "misuse/foreign_release",
    .mistake = "a lock that checks its owner stands for a turn that another thread hands over",
    .kind = kind::kException,
    .body = hand_over<RLock>,
    .mended = hand_over<Lock>,
};

}  // namespace weft::scenarios::specimens::misuse
