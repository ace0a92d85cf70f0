// A condition, each call with the lock taken around it: a notify wakes those that wait, first come
// first served, and none else (primitives/threading/condition.h).
//
// Thread safety: values.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "stress/linearize/model.h"

namespace weft::linearize::models {

struct Condition {
  std::vector<unsigned> line = {};
  std::vector<unsigned> woken = {};  // sorted

  Waits<> wait(const Turn& turn) {
    if (turn.step == 0) {
      line.push_back(turn.thread);
      return entered;
    }
    return std::erase(woken, turn.thread) == 0 ? Waits<>(not_enabled) : Waits<>(done);
  }
  // False: its time was over before anybody woke it, so it may as well never have been in line.
  Waits<bool> wait_for(const Turn& turn) {
    if (saw(turn, false)) return false;
    const Step::Kind kind = wait(turn).step().kind;
    if (kind == Step::kBlocked) return not_enabled;
    if (kind == Step::kEntered) return entered;
    return true;
  }
  void notify(std::optional<std::int64_t> number) {
    for (std::int64_t n = number.value_or(1); n > 0 && !line.empty(); --n) {
      woken.insert(std::upper_bound(woken.begin(), woken.end(), line.front()), line.front());
      line.erase(line.begin());
    }
  }
  void notify_all() { notify(static_cast<std::int64_t>(line.size())); }
};

inline ModelOf<Condition> condition() {
  return ModelOf<Condition>("condition")
      .operation("wait", &Condition::wait)
      .operation("wait_for", &Condition::wait_for)
      .operation("notify", &Condition::notify)
      .operation("notify_all", &Condition::notify_all);
}

}  // namespace weft::linearize::models
