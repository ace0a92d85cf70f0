// Ping-pong with two locks as turns: main takes both before it starts the players, so that nobody
// may begin.
#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/waits_for_nobody/waits_for_nobody.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::waits_for_nobody {
namespace {

constexpr int kRounds = 5;

template <bool kTakesBoth>
std::string play() {
  Lock ping, pong;
  annotate::named(&ping, "ping's turn");
  annotate::named(&pong, "pong's turn");
  long strokes = 0;
  const auto player = [&strokes](Lock& mine, Lock& yours) {
    for (int round = 0; round < kRounds; ++round) {
      mine.acquire();
      ++strokes;
      yours.release();
    }
  };
  pong.acquire();
  if (kTakesBoth) ping.acquire();
  together({[&] { player(ping, pong); }, [&] { player(pong, ping); }});
  return unless_equal("number of strokes", strokes, 2 * kRounds);
}

}  // namespace

constinit const Specimen kBothTurnsTaken{
    .row = "003-3",
    .name = "waits_for_nobody/both_turns_taken",
    .mistake =
        "both turn tokens are taken at the start, and each player waits for the other's move",
    .kind = kind::kHang,
    .deadlock =
        "thread 0 waits for Lock 'ping's turn' held by body; thread 1 waits for Lock 'pong's turn' "
        "held by body",
    .body = play<true>,
    .mended = play<false>,
};

}  // namespace weft::scenarios::specimens::waits_for_nobody
