// Ping-pong of processes with turns of any kind.
//
// Thread safety: a pure function; it makes its own processes and joins them.
#pragma once

#include <cstddef>
#include <string>

#include "primitives/ipc/array.h"
#include "scenarios/specimens/ipc/in_processes.h"
#include "scenarios/specimens/judge.h"

namespace weft::scenarios::specimens::ipc {

// Turn(n): a turn that n players may take at once. Ping gives pong's turn back `kExtra` times more,
// in its first round. Empty if they alternated, ping first.
template <class Turn, int kOfPing, int kOfPong, int kExtra>
std::string play() {
  constexpr std::size_t kRounds = 5;
  Turn ping(kOfPing), pong(kOfPong);
  weft::ipc::Array<int> strokes(4 * kRounds);
  weft::ipc::Value<std::size_t> count(0);
  const auto player = [&](int who, Turn& mine, Turn& yours, int extra) {
    for (std::size_t round = 0; round < kRounds; ++round) {
      mine.acquire();
      strokes.set(count.fetch_add(1), who);
      yours.release();
      for (; extra > 0; --extra) yours.release();
    }
  };
  (void)in_processes({[&] { player(1, ping, pong, kExtra); }, [&] { player(2, pong, ping, 0); }});
  for (std::size_t i = 0; i < 2 * kRounds; ++i) {
    if (strokes.get(i) != (i % 2 == 0 ? 1 : 2)) {
      return "stroke " + std::to_string(i + 1) + " is of the wrong player";
    }
  }
  return "";
}

}  // namespace weft::scenarios::specimens::ipc
