#include "stress/generate/program.h"

namespace weft::generate {

void Program::erase(unsigned lane, std::size_t place) {
  std::vector<Call>* calls = &before;
  if (lane != main()) {
    calls = &threads[lane];
  } else if (place >= before.size()) {
    calls = &after;
    place -= before.size();
  }
  calls->erase(calls->begin() + static_cast<std::ptrdiff_t>(place));
}

std::size_t Program::size() const {
  std::size_t sum = before.size() + after.size();
  for (const auto& calls : threads) sum += calls.size();
  return sum;
}

void Program::drop_idle_threads() {
  std::erase_if(threads, [](const auto& calls) { return calls.empty(); });
}

void Program::label() {
  for (unsigned lane = 0; lane < lanes(); ++lane) {
    for (std::size_t place = 0; place < size(lane); ++place) {
      call(lane, place).label = static_cast<int>(100 * lane + place + 1);
    }
  }
}

}  // namespace weft::generate
