// Queues in which a consumer waits, each with one thing wrong. Mended, they do what they say.
//
// Thread safety: every function from any thread. All is behind a lock, so no mistake is a data
// race: only the results, or who waits for ever, show it.
#pragma once

#include <condition_variable>
#include <mutex>

#include "scenarios/specimens/linearizable/stacks.h"

namespace weft::scenarios::specimens::linearizable {

// A put wakes a consumer only if the queue was empty: of two that wait, with two items put before
// the first has woken, one sleeps on.
template <bool kMended>
class WakesAtFirst : public Items {
 public:
  void put(int item) {
    const Hold hold(mutex_);
    items_.push_back(item);
    if (kMended || items_.size() == 1) changed_.notify_one();
  }
  int get() {
    std::unique_lock hold(mutex_);
    changed_.wait(hold, [&] { return !items_.empty(); });
    return *take_first();
  }

 private:
  std::condition_variable changed_;
};

// A woken consumer does not look again: what it was woken for may be gone.
template <bool kMended>
class LooksOnce : public Items {
 public:
  static constexpr int kNone = -1;

  void put(int item) {
    const Hold hold(mutex_);
    items_.push_back(item);
    changed_.notify_one();
  }
  int get() {
    std::unique_lock hold(mutex_);
    if constexpr (kMended) {
      changed_.wait(hold, [&] { return !items_.empty(); });
    } else if (items_.empty()) {
      changed_.wait(hold);
    }
    return take_first().value_or(kNone);
  }

 private:
  std::condition_variable changed_;
};

}  // namespace weft::scenarios::specimens::linearizable
