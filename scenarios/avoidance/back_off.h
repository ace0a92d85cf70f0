// BackOff: take the left fork, try the right one, and if it is not free give the left one back and
// let a random number of turns pass before the next attempt.
//
// Why it works: nobody waits while holding a fork, so nobody waits for ever in a circle. That the
// attempts of neighbours do not fail in step for ever is a matter of chance: the number of turns is
// drawn from a range that doubles with each failure, so the probability of k failures in step falls
// to zero with k. There is no bound on the number of attempts.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <thread>
#include <vector>

#include "scenarios/avoidance/strategy.h"

namespace weft::avoidance {

template <class Fork>
class BackOff : public WithForks<Fork> {
 public:
  BackOff(std::span<Fork> forks, std::uint64_t seed) : WithForks<Fork>(forks) {
    for (std::size_t seat = 0; seat < forks.size(); ++seat) {
      random_.emplace_back(static_cast<std::uint32_t>(seed + seat * kStride));
    }
  }

  void take(std::size_t seat) {
    for (unsigned range = 2;; range = std::min(2 * range, kLargestRange)) {
      this->left(seat).lock();
      annotate::point("holds one fork");
      if (this->right(seat).try_lock()) return;
      this->left(seat).unlock();
      for (auto turns = random_[seat]() % range; turns > 0; --turns) std::this_thread::yield();
    }
  }

 private:
  static constexpr unsigned kLargestRange = 32;
  static constexpr std::uint64_t kStride = 1'000'003;

  std::vector<std::minstd_rand> random_;  // each used by its seat's thread alone
};

}  // namespace weft::avoidance
