// A promise and its future: one outcome, set once, unless it was cancelled before the work began
// (primitives/pool/future.h).
//
// Thread safety: values.
#pragma once

#include <string>
#include <utility>

#include "stress/linearize/model.h"

namespace weft::linearize::models {

struct Future {
  enum Phase { kWaiting, kRunning, kCancelled, kNotified, kFinished };
  Phase phase = kWaiting;
  Value outcome = {};
  bool is_being_set = false;  // whose work counts as running until it is done

  bool is_done() const { return phase >= kCancelled; }
  Waits<> finish(const Turn& turn, Value with) {
    if (turn.step == 0) {
      if (is_done() || is_being_set) return throws("InvalidStateError");
      phase = kRunning;
      is_being_set = true;
      return entered;
    }
    phase = kFinished;
    outcome = std::move(with);
    is_being_set = false;
    return done;
  }
  Waits<> set_result(const Turn& turn, const Value& result) { return finish(turn, result); }
  // `type`: of the exception that result() then throws.
  Waits<> set_exception(const Turn& turn, const std::string& type) {
    return finish(turn, thrown(type));
  }
  Gives<bool> set_running_or_notify_cancel() {
    if (phase == kWaiting) {
      phase = kRunning;
      return true;
    }
    if (phase != kCancelled) return throws("RuntimeError");
    phase = kNotified;
    return false;
  }
  // Whether it is cancelled now.
  bool cancel() {
    if (phase == kWaiting) phase = kCancelled;
    return cancelled();
  }
  Waits<Value> result() const {
    if (!is_done()) return not_enabled;
    if (cancelled()) return throws("CancelledError");
    return outcome;
  }
  bool finished() const { return is_done(); }
  bool cancelled() const { return phase == kCancelled || phase == kNotified; }
  bool running() const { return phase == kRunning; }
};

inline ModelOf<Future> future() {
  return ModelOf<Future>("future")
      .operation("set_result", &Future::set_result)
      .operation("set_exception", &Future::set_exception)
      .operation("set_running_or_notify_cancel", &Future::set_running_or_notify_cancel)
      .operation("cancel", &Future::cancel)
      .operation("result", &Future::result)
      .operation("done", &Future::finished)
      .operation("cancelled", &Future::cancelled)
      .operation("running", &Future::running);
}

}  // namespace weft::linearize::models
