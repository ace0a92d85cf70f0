// ProcessPoolExecutor: processes that call functions, in the vocabulary of Python's
// concurrent.futures.
//
// What can be called, and what a call may do: as of Pool (process_pool.h). When a process dies the
// executor is broken, as the documents': every future that is not done fails with
// BrokenProcessPool, none waits for ever, and submit() throws it. With Options::on_death = kReplace
// only the call that the process had begun fails, with WorkerDiedError, and another process takes
// its place.
//
// Thread safety, memory ordering: as of Pool.
// Invariants:
//   (I1) What was submitted is called exactly once, also after shutdown(), unless its future is
//        cancelled, or a process dies.
//   (I2) What a call throws goes to its future; the process lives on.
//   (I3) After a shutdown() that waits, no process of the executor is left.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <ranges>
#include <utility>
#include <vector>

#include "primitives/base/deadline.h"
#include "primitives/pool/future.h"
#include "primitives/pool/map_results.h"
#include "primitives/process_pool/pool_errors.h"
#include "primitives/process_pool/process_workers.h"
#include "primitives/process_pool/remote_submit.h"

namespace weft::ipc {

class ProcessPoolExecutor {
 public:
  enum class OnDeath { kBreak, kReplace };
  struct Options {
    // 0: as many as processors that the calling thread may run on.
    std::size_t max_workers = 0;
    std::function<void()> initializer = {};
    std::size_t max_tasks_per_child = 0;  // 0: no end
    OnDeath on_death = OnDeath::kBreak;
    unsigned retries = 0;  // of a call whose process has died, with kReplace
    // A call that takes longer fails with TimeoutError, and another process takes the place of the
    // one that did it: that is no death which breaks the executor.
    std::optional<std::chrono::nanoseconds> task_timeout = {};
  };
  struct Shutdown {
    bool wait = true;
    bool cancel_futures = false;
  };

  ProcessPoolExecutor() : ProcessPoolExecutor(Options{}) {}
  // Throws ValueError for zero, StartError.
  explicit ProcessPoolExecutor(std::size_t max_workers);
  explicit ProcessPoolExecutor(Options options);
  // shutdown(), which waits.
  ~ProcessPoolExecutor() = default;
  ProcessPoolExecutor(const ProcessPoolExecutor&) = delete;
  ProcessPoolExecutor& operator=(const ProcessPoolExecutor&) = delete;

  // Throws RuntimeError after shutdown(), BrokenProcessPool, and ValueError for code that the
  // processes do not have.
  template <class F, class... Args>
  auto submit(F function, Args&&... args) {
    return weft::internal::submit_remote(workers_, std::move(function),
                                         std::forward<Args>(args)...);
  }

  // Submits a call for each element at once; the results come when they are asked for.
  template <class F, std::ranges::input_range Range>
  auto map(F function, Range&& inputs) {
    return map_before(function, std::forward<Range>(inputs), Deadline::never());
  }
  // The time is for all results together and begins now.
  template <class F, std::ranges::input_range Range, class Rep, class Period>
  auto map(F function, Range&& inputs, const std::chrono::duration<Rep, Period>& timeout) {
    return map_before(function, std::forward<Range>(inputs), Deadline::after(timeout));
  }

  // No more calls. What was submitted is still done, unless `cancel_futures` cancels what no
  // process has begun. Repeatable.
  void shutdown() { shutdown(Shutdown{}); }
  void shutdown(Shutdown how);

  std::size_t max_workers() const { return workers_.workers(); }
  // Of the processes that live, as far as the executor has heard: one that takes another's place
  // may do calls before it is listed, and one that has just died may still be.
  std::vector<pid_t> pids() const { return workers_.pids(); }

 private:
  template <class F, class Range>
  auto map_before(F function, Range&& inputs, const Deadline& deadline) {
    using Result = typename weft::internal::RemoteFunctionOf<F>::Result;
    return weft::internal::map_each<Result>(
        std::forward<Range>(inputs), deadline,
        [&](auto&& input) { return submit(function, std::forward<decltype(input)>(input)); });
  }

  weft::internal::ProcessWorkers workers_;
};

}  // namespace weft::ipc
