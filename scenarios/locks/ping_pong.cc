#include "scenarios/locks/ping_pong.h"

#include <functional>
#include <string>

#include "primitives/threading/lock.h"
#include "primitives/threading/thread.h"
#include "scenarios/locks/ping_pong_lines.h"

namespace weft::scenarios {
namespace {

void run(Transcript& out, const Pace& pace) {
  const int counter = kFirstStroke;
  // `count` is each player's own, as the document's processes have copies of the global one.
  const auto ping = [&](const std::string& name, Lock& my_turn, Lock& other_turn, int count) {
    for (int i = 0; i < kStrokesEach; ++i) {
      my_turn.acquire();
      out.say(name + " " + std::to_string(count));
      pace.pause(0.3);
      other_turn.release();  // held since the other player, or main, took it
      count += 1;
    }
  };
  Lock ping_turn;
  Lock pong_turn;
  Thread pip(ping, "ping", std::ref(ping_turn), std::ref(pong_turn), counter);
  Thread pop(ping, "pong", std::ref(pong_turn), std::ref(ping_turn), counter);

  pong_turn.acquire();  // so that ping begins
  pip.start();
  pop.start();
  pip.join();
  pop.join();
  out.claim(!ping_turn.locked(), "ping's lock is held at the end");
  out.claim(pong_turn.locked(), "pong's lock is free before main releases it");
  pong_turn.release();
  out.say("in main process: " + std::to_string(counter));
}

}  // namespace

constinit const Scenario kPingPong = {
    .row = "003-3",
    .target = "//scenarios/locks:ping_pong",
    .shows = "Two threads take turns; each releases a lock that the other one took.",
    .run = run,
    .judge = judge_ping_pong,
};

}  // namespace weft::scenarios
