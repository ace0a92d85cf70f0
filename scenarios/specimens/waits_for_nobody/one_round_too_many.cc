// Ping-pong with two locks as turns: pong wants to play one round more than ping.
#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/waits_for_nobody/waits_for_nobody.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::waits_for_nobody {
namespace {

constexpr int kRounds = 5;

template <int kRoundsOfPong>
std::string play() {
  Lock ping, pong;
  annotate::named(&ping, "ping's turn");
  annotate::named(&pong, "pong's turn");
  long strokes = 0;
  const auto player = [&strokes](int rounds, Lock& mine, Lock& yours) {
    for (int round = 0; round < rounds; ++round) {
      mine.acquire();
      ++strokes;
      yours.release();
    }
  };
  pong.acquire();
  together({[&] { player(kRounds, ping, pong); }, [&] { player(kRoundsOfPong, pong, ping); }});
  return unless_equal("number of strokes", strokes, 2 * kRounds);
}

}  // namespace

constinit const Specimen kOneRoundTooMany{
    .row = "003-3",
    .name = "waits_for_nobody/one_round_too_many",
    .mistake = "pong plays one round more than ping and waits for a ball that never comes",
    .kind = kind::kHang,
    .deadlock = "thread 1 waits for Lock 'pong's turn'",
    .body = play<kRounds + 1>,
    .mended = play<kRounds>,
};

}  // namespace weft::scenarios::specimens::waits_for_nobody
