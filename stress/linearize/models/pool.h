// A pool of workers (primitives/pool/thread_pool.h): what is submitted before close() runs exactly
// once. A task is a number, unlike all others; its worker says when it runs.
//
// Thread safety: values.
#pragma once

#include <cstdint>
#include <set>

#include "stress/linearize/model.h"

namespace weft::linearize::models {

struct Pool {
  bool closed = false;
  std::set<std::int64_t> waiting = {};

  Gives<> submit(std::int64_t task) {
    if (closed) return throws("RuntimeError");
    waiting.insert(task);
    return done;
  }
  // Called by the task itself. Of one that nobody submitted, or that has run: false.
  bool run(std::int64_t task) { return waiting.erase(task) > 0; }
  void close() { closed = true; }
  // Drops what has not begun.
  void terminate() {
    closed = true;
    waiting.clear();
  }
  Waits<> join() const {
    if (!closed) return throws("ValueError");
    if (!waiting.empty()) return not_enabled;
    return done;
  }
};

inline ModelOf<Pool> pool() {
  return ModelOf<Pool>("pool")
      .operation("submit", &Pool::submit)
      .operation("run", &Pool::run)
      .operation("close", &Pool::close)
      .operation("terminate", &Pool::terminate)
      .operation("join", &Pool::join);
}

}  // namespace weft::linearize::models
