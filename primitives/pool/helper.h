// Helper: how a worker that waits for a task of its own pool does that task itself.
//
// It helps with nothing else. Whatever it did besides might need a lock that the waiting task
// holds, or wait itself, for longer than the task it was to wait for; doing the awaited task is no
// more than calling its function. And it is enough: of the tasks that have begun, one waits for
// another only if that one has begun, too, so unless they wait in a circle one of them goes on.
//
// Thread safety: current() and help() by the worker's own thread.
#pragma once

namespace weft::internal {

class FutureState;

class Helper {
 public:
  explicit Helper(const void* home) : home_(home) {}
  Helper(const Helper&) = delete;
  Helper& operator=(const Helper&) = delete;

  // The helper of the calling thread; null in a thread that is no worker.
  static Helper* current() { return current_; }

  // Whose tasks this worker does.
  const void* home() const { return home_; }
  // Does the task if nobody has begun it.
  virtual void help(FutureState& state) = 0;

 protected:
  ~Helper() = default;
  static void set_current(Helper* helper) { current_ = helper; }

 private:
  static inline constinit thread_local Helper* current_ = nullptr;

  const void* const home_;
};

}  // namespace weft::internal
