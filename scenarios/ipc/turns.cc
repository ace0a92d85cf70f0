#include "scenarios/ipc/turns.h"

#include <string>

#include "primitives/ipc/lock.h"
#include "primitives/process/process.h"
#include "scenarios/locks/ping_pong_lines.h"
#include "scenarios/process/talk.h"

namespace weft::scenarios {
namespace {

void run(Transcript& out, const Pace& pace) {
  int counter = kFirstStroke;
  Talk talk;
  const auto ping = [&](const std::string& name, ipc::Lock my_turn, ipc::Lock other_turn) {
    for (int i = 0; i < kStrokesEach; ++i) {
      my_turn.acquire();
      talk.say(name + " " + std::to_string(counter));
      pace.pause(0.3);
      counter += 1;          // of this process
      other_turn.release();  // held since the other player, or main, took it
    }
  };
  ipc::Lock ping_turn, pong_turn;
  ipc::Process pip(ping, "ping", ping_turn, pong_turn), pop(ping, "pong", pong_turn, ping_turn);
  pong_turn.acquire();  // so that ping begins
  pip.start();
  pop.start();
  talk.listen(out);
  pip.join();
  pop.join();
  out.claim(!ping_turn.locked(), "ping's lock is held at the end");
  out.claim(pong_turn.locked(), "pong's lock is free before main releases it");
  pong_turn.release();  // whoever took it has ended
  out.claim(!pong_turn.locked(), "pong's lock is held after main has released it");
  out.say("in main process: " + std::to_string(counter));
}

}  // namespace

constinit const Scenario kTurns = {
    .row = "003-3",
    .target = "//scenarios/ipc:turns",
    .shows = "Two processes take turns; each releases a lock that the other one took.",
    .run = run,
    .judge = judge_ping_pong,
    .starts_processes = true,
};

}  // namespace weft::scenarios
