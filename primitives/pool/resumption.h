// Resumption: a coroutine that goes on as a task of a pool.
//
// Thread safety: post() from any thread; the coroutine must be suspended, and stay so until then.
// Invariants:     (I1) The coroutine is resumed exactly once: by a worker, by the one that waits
//                      for it (helped_wait.h), or by whoever refuses or drops the task. So one that
//                      waits for a pool which ends is not forgotten.
// Memory ordering: what a thread did before post() is visible to the coroutine.
#pragma once

#include <coroutine>

#include "primitives/base/recycled_memory.h"
#include "primitives/pool/future_state.h"
#include "primitives/pool/helped_wait.h"
#include "primitives/pool/task.h"
#include "primitives/pool/workers.h"

namespace weft::internal {

class Resumption final : public FutureState, public Recycled {
 public:
  // In the calling thread if the pool refuses. `wait`: who blocks until the coroutine ends, or
  // null.
  static void post(Workers& workers, std::coroutine_handle<> coroutine, HelpedWait* wait);

  void run_claimed() noexcept override { coroutine_.resume(); }

 private:
  Resumption(const Workers& workers, std::coroutine_handle<> coroutine)
      : FutureState(&workers, 1), coroutine_(coroutine) {}
  ~Resumption() override = default;
  bool has_error() const override { return false; }

  static bool end(Task::Payload& payload, Task::Ask ask);

  const std::coroutine_handle<> coroutine_;
};

// The workers of a pool, for what is no member of it.
struct WorkersOf {
  template <class Pool>
  static Workers& get(Pool& pool) {
    return pool.workers_;
  }
};

}  // namespace weft::internal
