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

  bool is_done() const { return phase >= kCancelled; }
  Gives<> finish(Value with) {
    if (is_done()) return throws("InvalidStateError");
    phase = kFinished;
    outcome = std::move(with);
    return done;
  }
  Gives<> set_result(const Value& result) { return finish(result); }
  // `type`: of the exception that result() then throws.
  Gives<> set_exception(const std::string& type) { return finish(thrown(type)); }
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
