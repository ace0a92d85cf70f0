// An event: set() lets every thread go that waits at that moment, even if clear() follows at once
// (primitives/threading/event.h).
//
// Thread safety: values.
#pragma once

#include <map>

#include "stress/linearize/model.h"

namespace weft::linearize::models {

struct Event {
  bool is_set_now = false;
  std::map<unsigned, bool> inside = {};  // thread -> whether it was let go

  void set() {
    is_set_now = true;
    for (auto& [thread, free] : inside) free = true;
  }
  void clear() { is_set_now = false; }
  bool is_set() const { return is_set_now; }
  Waits<> wait(const Turn& turn) {
    if (turn.step == 0) {
      if (is_set_now) return done;
      inside[turn.thread] = false;
      return entered;
    }
    if (!inside[turn.thread]) return not_enabled;
    inside.erase(turn.thread);
    return done;
  }
  // False, when its time is over, at any moment at which it is not set.
  Waits<bool> wait_for(const Turn& turn) {
    if (saw(turn, false)) return is_set_now;
    const Step::Kind kind = wait(turn).step().kind;
    if (kind == Step::kBlocked) return not_enabled;
    if (kind == Step::kEntered) return entered;
    return true;
  }
};

inline ModelOf<Event> event() {
  return ModelOf<Event>("event")
      .operation("set", &Event::set)
      .operation("clear", &Event::clear)
      .operation("is_set", &Event::is_set)
      .operation("wait", &Event::wait)
      .operation("wait_for", &Event::wait_for);
}

}  // namespace weft::linearize::models
