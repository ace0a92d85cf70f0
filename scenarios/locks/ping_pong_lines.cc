#include "scenarios/locks/ping_pong_lines.h"

#include "scenarios/judging.h"

namespace weft::scenarios {

std::string judge_ping_pong(const Lines& lines) {
  Lines expected;
  for (int i = kFirstStroke; i < kFirstStroke + kStrokesEach; ++i) {
    expected.push_back("ping " + std::to_string(i));
    expected.push_back("pong " + std::to_string(i));
  }
  expected.push_back("in main process: 10");
  return say_exactly(expected, lines);
}

}  // namespace weft::scenarios
