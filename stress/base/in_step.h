// InStep: two threads walk in step through many small instances, so that what they do to each
// overlaps in time.
//
// It is for what only a reordering of the processor's breaks, a store that another thread sees
// after a later load: neither the explorer nor ThreadSanitizer shows it, two processors do, in a
// few of thousands of tries.
//
// Where other programs take the processors away, a step in step may cost a slice of theirs, and the
// two seldom overlap however long they wait. So a side waits for kPatience on a walk, all steps
// together, and then goes on alone: that walk is worth less, and ends.
//
// Thread safety: meet() by one thread for each side.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <thread>

#include "stress/run/build_mode.h"

namespace weft::testing_base {

class InStep {
 public:
  // Returns when the other side is in this step, too, or past it, or this side has no patience
  // left. Sides are 0 and 1, steps count from 0. Under the explorer it returns at once: every
  // overlap comes by itself there.
  void meet(std::size_t side, std::size_t step) {
    if (kExplored) return;
    At& mine = at_[side];
    const auto is_here = [&] { return at_[1 - side].value.load() >= step + 1; };
    mine.value.store(step + 1);
    for (int looks = 0; looks < kLooks; ++looks) {
      if (is_here()) return;
    }
    auto last = Clock::now();
    while (!is_here() && mine.waited < kPatience) {
      std::this_thread::yield();
      const auto now = Clock::now();
      mine.waited += now - last;
      last = now;
    }
  }

 private:
  using Clock = std::chrono::steady_clock;

  static constexpr int kLooks = 1000;
  static constexpr Clock::duration kPatience = std::chrono::milliseconds(500);

  struct alignas(64) At {
    std::atomic<std::size_t> value{0};
    Clock::duration waited{0};  // by its own side, in all steps
  };
  At at_[2];
};

}  // namespace weft::testing_base
