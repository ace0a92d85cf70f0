// ThreadPoolExecutor: workers that begin when they are needed, in the vocabulary of Python's
// concurrent.futures.
//
// Thread safety: every function from any thread. The destructor from no worker of the executor.
// Memory ordering: what the submitter did before submit() is visible to the task; what the task did
// is visible to whoever sees its future done, and to all after a shutdown() that waits.
// Invariants:
//   (I1) What was submitted runs exactly once, also after shutdown(), unless its future is
//        cancelled: by its owner, or by shutdown() with cancel_futures.
//   (I2) An exception of a task goes to its future; the worker lives on.
//   (I3) A worker begins only when a task finds none that is idle, up to the most.
//   (I4) After a shutdown() that waits, no worker runs.
//
// Tasks may wait for tasks of the same executor, as in ThreadPool.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "primitives/base/deadline.h"
#include "primitives/pool/future.h"
#include "primitives/pool/map_results.h"
#include "primitives/pool/task_state.h"
#include "primitives/pool/workers.h"

namespace weft {

class ThreadPoolExecutor {
 public:
  struct Options {
    // 0: four more than processors that the calling thread may run on, but at most 32.
    std::size_t max_workers = 0;
    std::string thread_name_prefix = "executor";
    // Called by each worker before its first task. If it throws, the executor is broken: what waits
    // is cancelled, and submit() throws BrokenThreadPool.
    std::function<void()> initializer = {};
  };
  struct Shutdown {
    bool wait = true;
    bool cancel_futures = false;
  };

  ThreadPoolExecutor() : ThreadPoolExecutor(Options{}) {}
  // Throws ValueError for zero.
  explicit ThreadPoolExecutor(std::size_t max_workers);
  explicit ThreadPoolExecutor(Options options);
  // shutdown(), which waits.
  ~ThreadPoolExecutor() = default;
  ThreadPoolExecutor(const ThreadPoolExecutor&) = delete;
  ThreadPoolExecutor& operator=(const ThreadPoolExecutor&) = delete;

  // Throws RuntimeError after shutdown(), std::system_error if there is no worker and the system
  // has no thread to give. Function, arguments and std::stop_token as in ThreadPool::submit().
  template <class F, class... Args>
    requires internal::MayEndBeforeItsResult<F, Args...>
  auto submit(F&& function, Args&&... args) {
    return internal::submit_to(workers_, std::forward<F>(function), std::forward<Args>(args)...);
  }

  // Submits a call for each element at once; the results come when they are asked for.
  template <class F, std::ranges::input_range Range>
  auto map(F function, Range&& inputs) {
    return map_before(std::move(function), std::forward<Range>(inputs), Deadline::never());
  }
  // The time is for all results together and begins now.
  template <class F, std::ranges::input_range Range, class Rep, class Period>
  auto map(F function, Range&& inputs, const std::chrono::duration<Rep, Period>& timeout) {
    return map_before(std::move(function), std::forward<Range>(inputs), Deadline::after(timeout));
  }

  // No more tasks. What was submitted still runs, unless `cancel_futures` cancels what has not
  // begun. Repeatable. One that waits throws RuntimeError in a worker.
  void shutdown() { shutdown(Shutdown{}); }
  void shutdown(Shutdown how);

  std::size_t max_workers() const { return workers_.most(); }
  // How many have begun so far.
  std::size_t workers() const { return workers_.started(); }

 private:
  friend struct internal::WorkersOf;

  template <class F, class Range>
  auto map_before(F function, Range&& inputs, const Deadline& deadline) {
    static_assert(std::is_nothrow_destructible_v<F>, "nobody could be told of what it throws");
    using Input = std::ranges::range_value_t<Range>;
    using Result = std::invoke_result_t<F&, Input>;
    // Shared: the tasks may outlive this call.
    const auto shared_function = std::make_shared<F>(std::move(function));
    return internal::map_each<Result>(std::forward<Range>(inputs), deadline, [&](auto&& input) {
      return submit(
          [shared_function](Input value) -> Result {
            return std::invoke(*shared_function, std::move(value));
          },
          Input(std::forward<decltype(input)>(input)));
    });
  }

  internal::Workers workers_;
};

}  // namespace weft
