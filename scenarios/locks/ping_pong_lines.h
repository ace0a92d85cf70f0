// What ping and pong say as they take turns, whatever they are: threads or processes.
//
// Thread safety: a pure function.
#pragma once

#include <string>

#include "scenarios/transcript.h"

namespace weft::scenarios {

// Each counts from here, by itself.
inline constexpr int kFirstStroke = 10;
inline constexpr int kStrokesEach = 5;

// Empty if they alternate strictly, ping first, and the counter of the parent stays what it was;
// else a sentence.
std::string judge_ping_pong(const Lines& lines);

}  // namespace weft::scenarios
