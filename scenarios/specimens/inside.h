// Inside: how many threads are in a section at once, and how many were at most.
//
// Thread safety: every function from any thread.
// Memory ordering: sequentially consistent: it orders the threads that it counts, so a body that
// wants ThreadSanitizer to see a race on plain data must not use it.
#pragma once

#include <atomic>

namespace weft::scenarios::specimens {

class Inside {
 public:
  void enter() {
    const int now = now_.fetch_add(1) + 1;
    int most = most_.load();
    while (most < now && !most_.compare_exchange_weak(most, now)) {
    }
  }
  void leave() { now_.fetch_sub(1); }
  int most() const { return most_.load(); }

 private:
  std::atomic<int> now_{0};
  std::atomic<int> most_{0};
};

}  // namespace weft::scenarios::specimens
