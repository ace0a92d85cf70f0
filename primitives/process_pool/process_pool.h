// Pool: processes that call functions, in the vocabulary of Python's multiprocessing.pool.
//
//   int square(int n) { return n * n; }
//   weft::ipc::Pool pool(4);
//   const std::vector<int> squares = pool.map(square, std::views::iota(0, 10));
//
// What can be called: functions, and lambdas that capture nothing, whose parameters and result can
// be sent (primitives/message/codec.h): values, no pointers and no handles; a closure does not
// compile. They must be in code that was loaded when the pool was made: what was loaded later is
// refused when it is submitted. What a call changes besides its result is its process's own, and
// differs between processes: the next call may meet another one.
//
// The processes are copies of this one as it was when the pool was made; make pools early, before
// threads, files and locks that a call would find half-used.
//
// A process that dies, by a signal or exit(), is noticed at once: the call that it had begun fails
// with WorkerDiedError (the documents' pool loses it, and who waits for it waits for ever), what it
// had not begun is done by others, and another process takes its place. If the program ends,
// however, so do the processes.
//
// Thread safety: every function from any thread of the process that made it; in its children
// submitting throws RuntimeError. Callbacks are called by the pool's own thread, one at a time: one
// that waits delays all results.
// Memory ordering: what was done before submitting is seen by the call through its arguments and
// shared memory; what the call did to shared memory is visible to whoever sees its result.
// Invariants:
//   (I1) What was submitted is called exactly once, or fails: if its process dies, or terminate().
//   (I2) What a call throws goes to its result (remote_failure.h); the process lives on.
//   (I3) An argument or a result that cannot be sent fails its own call alone.
//   (I4) After join() no process of the pool is left.
// Non-invariants: an order in which calls begin or end. cancel() of a future succeeds only until
//        the call was handed to a process, which may be some calls ahead.
//
// A call cannot submit to the pool that calls it: its process is a child of the pool's maker, and
// submitting throws. Calls that submit and wait belong to threads (primitives/pool/thread_pool.h).
#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "primitives/pool/async_result.h"
#include "primitives/pool/future.h"
#include "primitives/pool/imap.h"
#include "primitives/process_pool/pool_errors.h"
#include "primitives/process_pool/process_workers.h"
#include "primitives/process_pool/remote_map.h"
#include "primitives/process_pool/remote_submit.h"

namespace weft::ipc {

class Pool {
 public:
  struct Options {
    // 0: as many as processors that the calling thread may run on.
    std::size_t processes = 0;
    // Called in each process before its first call. If it throws, the pool is broken: everything
    // fails with BrokenProcessPool.
    std::function<void()> initializer = {};
    // So many calls, and another process takes the place of the one that has done them; 0: no end.
    std::size_t max_tasks_per_child = 0;
    // How often a call is tried again whose process has died.
    unsigned retries = 0;
    // A call that takes longer fails with TimeoutError, and its process is killed.
    std::optional<std::chrono::nanoseconds> task_timeout = {};
  };

  Pool() : Pool(Options{}) {}
  // Throws ValueError for zero, StartError if the system has no process to give.
  explicit Pool(std::size_t processes);
  explicit Pool(Options options);
  // close() and join().
  ~Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // All that submit throw RuntimeError after close(), BrokenProcessPool, and ValueError for code
  // that the processes do not have.
  template <class F, class... Args>
  auto submit(F function, Args&&... args) {
    return weft::internal::submit_remote(workers_, std::move(function),
                                         std::forward<Args>(args)...);
  }
  // Submits, and waits for the result.
  template <class F, class... Args>
  auto apply(F function, Args&&... args) {
    return taken(submit(std::move(function), std::forward<Args>(args)...));
  }
  // One of the callbacks is called before the result is ready: with the value (or nothing), or with
  // the exception.
  template <class F, class Args = std::tuple<>, class Callback = NoCallback,
            class ErrorCallback = NoCallback>
  auto apply_async(F function, Args args = {}, Callback callback = {},
                   ErrorCallback error_callback = {}) {
    weft::internal::require_remotable<F>();
    using Function = weft::internal::RemoteFunctionOf<F>;
    using Task = weft::internal::CallTask<typename Function::Result, Callback, ErrorCallback>;
    auto task = std::make_unique<Task>(&Function::call, weft::internal::address_of(function),
                                       std::move(callback), std::move(error_callback));
    weft::internal::encode_to(task->arguments, typename Function::Arguments(std::move(args)));
    AsyncResult<typename Function::Result> result(task->future());
    workers_.submit(std::move(task));
    return result;
  }

  // Calls `function` with each element and returns the results in the order of the input, when all
  // calls are done; then throws the first exception in the order of the input, if there is one.
  // `chunk`: how many elements are one task; 0 for a quarter of a process's share.
  template <class F, std::ranges::input_range Range>
  auto map(F function, Range&& inputs, std::size_t chunk = 0) {
    return taken(map_async(std::move(function), std::forward<Range>(inputs), chunk));
  }
  // map() of a function with several parameters; the elements are tuples.
  template <class F, std::ranges::input_range Range>
  auto starmap(F function, Range&& inputs, std::size_t chunk = 0) {
    return taken(starmap_async(std::move(function), std::forward<Range>(inputs), chunk));
  }
  // map() that does not wait. The callback gets all results, the error callback the exception.
  template <class F, std::ranges::input_range Range, class Callback = NoCallback,
            class ErrorCallback = NoCallback>
  auto map_async(F function, Range&& inputs, std::size_t chunk = 0, Callback callback = {},
                 ErrorCallback error_callback = {}) {
    using Element = std::tuple_element_t<0, ArgumentsOf<F>>;
    static_assert(std::tuple_size_v<ArgumentsOf<F>> == 1, "map() is of functions with a parameter");
    return start_map<F, Element>(function, std::forward<Range>(inputs), chunk, std::move(callback),
                                 std::move(error_callback));
  }
  template <class F, std::ranges::input_range Range, class Callback = NoCallback,
            class ErrorCallback = NoCallback>
  auto starmap_async(F function, Range&& inputs, std::size_t chunk = 0, Callback callback = {},
                     ErrorCallback error_callback = {}) {
    return start_map<F, ArgumentsOf<F>>(function, std::forward<Range>(inputs), chunk,
                                        std::move(callback), std::move(error_callback));
  }

  // The results one by one, as an input range (primitives/pool/imap.h). Throws ValueError for a
  // chunk of 0.
  template <class F, std::ranges::input_range Range>
  auto imap(F function, Range&& inputs, std::size_t chunk = 1) {
    return start_imap(function, std::forward<Range>(inputs), chunk, true);
  }
  // The same in the order in which the calls end.
  template <class F, std::ranges::input_range Range>
  auto imap_unordered(F function, Range&& inputs, std::size_t chunk = 1) {
    return start_imap(function, std::forward<Range>(inputs), chunk, false);
  }

  // No more tasks; those submitted are still done. Repeatable.
  void close() { workers_.close(); }
  // close(), cancels what has not ended, and kills the processes.
  void terminate() { workers_.terminate(); }
  // Waits until all is done and no process is left. Throws ValueError before close(), and
  // RuntimeError in a callback.
  void join() { workers_.join(); }

  std::size_t processes() const { return workers_.workers(); }
  // Of those that live, as far as the pool has heard: one that takes another's place may do calls
  // before it is listed, and one that has just died may still be.
  std::vector<pid_t> pids() const { return workers_.pids(); }

 private:
  template <class T>
  static T taken(Future<T> future) {
    return weft::internal::taken(std::move(future));
  }
  template <class F>
  using ArgumentsOf = typename weft::internal::RemoteFunctionOf<F>::Arguments;

  template <class F, class Element, class Range, class Callback, class ErrorCallback>
  auto start_map(F function, Range&& inputs, std::size_t chunk, Callback callback,
                 ErrorCallback error_callback) {
    weft::internal::require_remotable<F>();
    using Function = weft::internal::RemoteFunctionOf<F>;
    std::vector<Element> elements;
    if constexpr (std::ranges::sized_range<Range>) elements.reserve(std::ranges::size(inputs));
    for (auto&& each : inputs) elements.emplace_back(std::forward<decltype(each)>(each));
    const auto map =
        std::make_shared<weft::internal::RemoteMap<Function, Element, Callback, ErrorCallback>>(
            elements.size(), std::move(callback), std::move(error_callback));
    const std::size_t size = chunk_for(elements.size(), chunk);
    map->start(workers_, weft::internal::address_of(function), std::move(elements), size);
    return map->result();
  }

  template <class F, class Range>
  auto start_imap(F function, Range&& inputs, std::size_t chunk, bool ordered) {
    weft::internal::require_remotable<F>();
    using Function = weft::internal::RemoteFunctionOf<F>;
    using Element = std::tuple_element_t<0, ArgumentsOf<F>>;
    using View = std::views::all_t<Range>;
    auto submit = [this, function](const auto& inputs) {
      return weft::internal::submit_chunk(workers_, function,
                                          std::vector<Element>(inputs.begin(), inputs.end()));
    };
    return Imap<View, weft::internal::ValueOf<typename Function::Result>,
                weft::internal::RemoteFailure, decltype(submit)>(
        std::views::all(std::forward<Range>(inputs)), chunk, ordered, 4 * processes(),
        std::move(submit));
  }

  std::size_t chunk_for(std::size_t count, std::size_t chunk) const;

  weft::internal::ProcessWorkers workers_;
};

}  // namespace weft::ipc
