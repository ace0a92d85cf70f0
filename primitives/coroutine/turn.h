// Turn: who may resume a coroutine. Of several threads that try at once, and of a body that tries
// to resume itself, one gets the turn, and the others an error.
//
//   value      | meaning
//   kFresh     | the body has not begun
//   kSuspended | it waits at a co_yield
//   kRunning   | somebody has the turn, and everything in the coroutine's frame is his
//   kFinished  | the body has ended
//
// Thread safety: take() and value() from any thread; leave() from the one that has the turn.
// Memory ordering: what the last one did in his turn is visible to the next one.
#pragma once

#include <atomic>
#include <cstdint>

#include "primitives/base/errors.h"

namespace weft::internal {

class Turn {
 public:
  enum Value : std::uint8_t { kFresh, kSuspended, kRunning, kFinished };

  // What it was: kFresh or kSuspended, and the turn is the caller's, or kFinished, and it is not.
  // Throws ValueError with this sentence if somebody has the turn.
  Value take(const char* sentence) {
    Value seen = load();
    do {
      if (seen == kRunning) throw ValueError(sentence);
      if (seen == kFinished) return seen;
    } while (!take_if(seen));
    return seen;
  }
  // release: pairs with the acquire in take_if() and load().
  void leave(Value value) { value_.store(value, std::memory_order_release); }

  Value value() const { return load(); }

 private:
  // acquire: pairs with the release in leave(): who finds it finished sees what the body did.
  Value load() const { return value_.load(std::memory_order_acquire); }
  // acquire: pairs with the release in leave(): this turn sees what the one before did.
  // relaxed on failure: the caller looks again, and acquires when it is let in.
  bool take_if(Value& expected) {
    return value_.compare_exchange_weak(expected, kRunning, std::memory_order_acquire,
                                        std::memory_order_relaxed);
  }

  std::atomic<Value> value_{kFresh};
};

}  // namespace weft::internal
