// A fork that is taken by looking whether it is free and then taking it.
//
// Thread safety: every function from any thread, and from any process if the flag is shared; but
// in two steps a fork may come into two hands.
#pragma once

#include <thread>

namespace weft::avoidance {

// Flag has load(), store() and exchange() of a bool. `kBetween` is called between the two steps.
template <class Flag, bool kInOneStep, void (*kBetween)()>
class LookedAtFirst {
 public:
  void lock() {
    while (!try_lock()) std::this_thread::yield();
  }
  bool try_lock() {
    if constexpr (kInOneStep) return !taken_.exchange(true);
    if (taken_.load()) return false;
    kBetween();
    taken_.store(true);
    return true;
  }
  void unlock() { taken_.store(false); }

 private:
  Flag taken_{false};
};

}  // namespace weft::avoidance
