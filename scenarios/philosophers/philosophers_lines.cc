#include "scenarios/philosophers/philosophers_lines.h"

#include <vector>

#include "scenarios/judging.h"

namespace weft::scenarios {

std::string philosopher_line(std::size_t id, const char* what) {
  return "phil " + std::to_string(id) + " is " + what;
}

std::string judge_philosophers(const Lines& lines) {
  Lines all;
  std::vector<Lines> by_phil(kPhilosophers);
  for (std::size_t id = 0; id < kPhilosophers; ++id) {
    for (int i = 0; i < kMealsEach; ++i) {
      by_phil[id].push_back(philosopher_line(id, "eating"));
      by_phil[id].push_back(philosopher_line(id, "thinking"));
    }
    all.insert(all.end(), by_phil[id].begin(), by_phil[id].end());
  }
  std::string complaint = say_in_any_order(all, lines);
  for (std::size_t id = 0; id < kPhilosophers && complaint.empty(); ++id) {
    complaint = in_order(by_phil[id], lines);
  }
  return complaint;
}

}  // namespace weft::scenarios
