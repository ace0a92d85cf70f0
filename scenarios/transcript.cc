#include "scenarios/transcript.h"

#include <cstdio>

namespace weft::scenarios {

void Transcript::say(std::string line) {
  std::scoped_lock hold(lock_);
  if (echo_ == Echo::kLive) {
    std::puts(line.c_str());
    std::fflush(stdout);
  }
  lines_.push_back(std::move(line));
}

}  // namespace weft::scenarios
