// Ping-pong with semaphores as turns: who played, in order.
// Thread safety: a pure function.
#pragma once

#include <string>

#include "primitives/annotate.h"
#include "primitives/threading/semaphore.h"
#include "scenarios/together.h"
#include "scenarios/transcript.h"

namespace weft::scenarios::specimens::order {

// `permits_of_pong` is 0 if main has taken pong's turn before the game. `double_release_by` is the
// round in which ping hands the turn over twice, or -1.
inline Lines play_ping_pong(int rounds, int permits_of_pong, int double_release_by) {
  Semaphore ping(1), pong(permits_of_pong);
  annotate::named(&ping, "ping's turn");
  annotate::named(&pong, "pong's turn");
  Transcript game;
  const auto player = [&](const char* name, Semaphore& mine, Semaphore& yours, int doubled) {
    for (int round = 0; round < rounds; ++round) {
      mine.acquire();
      annotate::point("before the stroke");
      game.say(name);
      yours.release();
      if (round == doubled) yours.release();
    }
  };
  together({
      [&] { player("ping", ping, pong, double_release_by); },
      [&] { player("pong", pong, ping, -1); },
  });
  return game.lines();
}

// Empty if ping and pong alternate, and ping began.
inline std::string judge_ping_pong(const Lines& lines) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const char* wanted = i % 2 == 0 ? "ping" : "pong";
    if (lines[i] != wanted) {
      return "stroke " + std::to_string(i + 1) + " is " + lines[i] + "'s and should be " + wanted +
             "'s";
    }
  }
  return "";
}

}  // namespace weft::scenarios::specimens::order
