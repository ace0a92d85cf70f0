// Threads and processes that are bound to one processor.
#pragma once

#include <sched.h>

#include <cstddef>
#include <cstdlib>

namespace weft::testing_processors {

// While it lives, the calling thread is bound to one processor, and what it starts begins there.
class OnOneProcessor {
 public:
  // Without a number, where the thread happens to be.
  explicit OnOneProcessor(int processor = sched_getcpu()) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(processor), &one);
    if (sched_getaffinity(0, sizeof(before_), &before_) != 0 ||
        sched_setaffinity(0, sizeof(one), &one) != 0) {
      abort();
    }
  }
  ~OnOneProcessor() { (void)sched_setaffinity(0, sizeof(before_), &before_); }
  OnOneProcessor(const OnOneProcessor&) = delete;
  OnOneProcessor& operator=(const OnOneProcessor&) = delete;

 private:
  cpu_set_t before_{};
};

}  // namespace weft::testing_processors
