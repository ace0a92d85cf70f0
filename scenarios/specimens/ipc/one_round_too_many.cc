// Ping-pong between processes with two locks as turns: pong wants to play one round more than ping.
#include "primitives/ipc/lock.h"
#include "primitives/ipc/value.h"
#include "scenarios/specimens/ipc/in_processes.h"
#include "scenarios/specimens/ipc/ipc.h"
#include "scenarios/specimens/judge.h"

namespace weft::scenarios::specimens::ipc {
namespace {

constexpr int kRounds = 5;

template <int kRoundsOfPong>
std::string play() {
  weft::ipc::Lock ping, pong;
  weft::ipc::RawValue<int> strokes;
  const auto player = [&strokes](int rounds, weft::ipc::Lock& mine, weft::ipc::Lock& yours) {
    for (int round = 0; round < rounds; ++round) {
      mine.acquire();
      strokes.fetch_add(1);
      yours.release();
    }
  };
  pong.acquire();
  (void)in_processes(
      {[&] { player(kRounds, ping, pong); }, [&] { player(kRoundsOfPong, pong, ping); }});
  return unless_equal("number of strokes", strokes.load(), 2 * kRounds);
}

}  // namespace

constinit const Specimen kOneRoundTooMany{
    .row = "003-3",
    .name = "ipc/one_round_too_many",
    .mistake = "pong plays one round more than ping and waits for a ball that never comes",
    .kind = kind::kHang,
    .body = play<6>,
    .mended = play<5>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::ipc
