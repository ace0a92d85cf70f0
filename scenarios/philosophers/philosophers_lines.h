// What five philosophers say at their table, whatever they are: threads or processes.
//
// Thread safety: pure functions.
#pragma once

#include <cstddef>
#include <string>

#include "scenarios/transcript.h"

namespace weft::scenarios {

inline constexpr std::size_t kPhilosophers = 5;
inline constexpr int kMealsEach = 5;

// What philosopher `id` says: that he is "eating" or "thinking".
std::string philosopher_line(std::size_t id, const char* what);

// Empty if each has eaten and thought in turn as often as he should; else a sentence. The lines
// cannot show that neighbours eat at different times: a philosopher says that he thinks some time
// after he has put his forks back. What the forks themselves show is claimed where they are used.
std::string judge_philosophers(const Lines& lines);

}  // namespace weft::scenarios
