// InStep: two threads walk in step through many small instances, so that what they do to each
// overlaps in time.
//
// It is for what only a reordering of the processor's breaks, a store that another thread sees
// after a later load: neither the explorer nor ThreadSanitizer shows it, two processors do, in a
// few of thousands of tries.
//
// Thread safety: meet() by one thread for each side.
#pragma once

#include <atomic>
#include <cstddef>
#include <thread>

#include "stress/run/build_mode.h"

namespace weft::testing_base {

class InStep {
 public:
  // Returns when the other side is in this step, too, or past it. Sides are 0 and 1, steps count
  // from 0. Under the explorer it returns at once: every overlap comes by itself there.
  void meet(std::size_t side, std::size_t step) {
    if (kExplored) return;
    at_[side].value.store(step + 1);
    for (int looks = 0; at_[1 - side].value.load() < step + 1; ++looks) {
      if (looks > 1000) std::this_thread::yield();
    }
  }

 private:
  struct alignas(64) At {
    std::atomic<std::size_t> value{0};
  };
  At at_[2];
};

}  // namespace weft::testing_base
