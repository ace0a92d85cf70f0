// A barrier: the indices of a round are those of arrival; a reset or an abort fails those inside
// (primitives/threading/barrier.h).
//
// Thread safety: values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "stress/linearize/model.h"

namespace weft::linearize::models {

struct Barrier {
  enum Fate { kWaiting, kThrough, kFailed };
  struct Inside {
    std::int64_t index = 0;
    Fate fate = kWaiting;
  };
  std::int64_t parties = 2;
  std::int64_t arrived = 0;
  bool is_broken = false;
  // The last one is in: it counts, and runs the action, before it lets all go. Nobody else comes or
  // goes meanwhile.
  bool is_complete = false;
  std::map<unsigned, Inside> inside = {};

  void let_go(Fate fate) {
    for (auto& [thread, one] : inside) {
      if (one.fate == kWaiting) one.fate = fate;
    }
    arrived = 0;
    is_complete = false;
  }
  Waits<std::int64_t> wait(const Turn& turn) {
    if (turn.step == 0) {
      if (is_complete) return not_enabled;
      if (is_broken) return throws("BrokenBarrierError");
      inside[turn.thread] = {arrived++, kWaiting};
      is_complete = arrived == parties;
      return entered;
    }
    if (is_complete && inside[turn.thread].index == parties - 1) let_go(kThrough);
    const Inside one = inside[turn.thread];
    if (one.fate == kWaiting) return not_enabled;
    inside.erase(turn.thread);
    if (one.fate == kFailed) return throws("BrokenBarrierError");
    return one.index;
  }
  Waits<> reset() {
    if (is_complete) return not_enabled;
    is_broken = false;
    let_go(kFailed);
    return done;
  }
  Waits<> abort() {
    if (is_complete) return not_enabled;
    is_broken = true;
    let_go(kFailed);
    return done;
  }
  bool broken() const { return is_broken; }
  std::int64_t n_waiting() const { return arrived; }
};

inline ModelOf<Barrier> barrier(std::int64_t parties = 2) {
  return ModelOf<Barrier>("barrier", {.parties = parties})
      .operation("wait", &Barrier::wait)
      .operation("reset", &Barrier::reset)
      .operation("abort", &Barrier::abort)
      .operation("broken", &Barrier::broken)
      .operation("n_waiting", &Barrier::n_waiting);
}

}  // namespace weft::linearize::models
