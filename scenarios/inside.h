// Inside: how many threads are in a section at one time.
//
// Thread safety: every function from any thread.
// Memory ordering: none.
// relaxed throughout: counting must not order the threads that it counts, or it would hide from
// ThreadSanitizer a lock that does not.
// Invariant: most() is at least the number that any enter() returned.
#pragma once

#include <atomic>

namespace weft::scenarios {

class Inside {
 public:
  // The number inside, the caller included.
  int enter() {
    const int now = count_.fetch_add(1, std::memory_order_relaxed) + 1;
    int most = most_.load(std::memory_order_relaxed);
    while (most < now && !most_.compare_exchange_weak(most, now, std::memory_order_relaxed)) {
    }
    return now;
  }
  void leave() { count_.fetch_sub(1, std::memory_order_relaxed); }

  // Exact once the threads have been joined.
  int most() const { return most_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int> count_{0};
  std::atomic<int> most_{0};
};

}  // namespace weft::scenarios
