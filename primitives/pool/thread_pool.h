// ThreadPool: a fixed number of threads in the vocabulary of Python's multiprocessing.pool, and
// submit() of its executors.
//
// Thread safety: every function from any thread. The destructor from no worker of the pool: a task
// that destroys its own pool ends the program with a message.
// Memory ordering: what the submitter did before it submitted is visible to the task; what the task
// did is visible to whoever sees its future done, and to all after join().
// Invariants:
//   (I1) What was submitted runs exactly once, also if close() follows at once; after terminate()
//        it may be cancelled instead, and then its future says so.
//   (I2) An exception of a task goes to its future; the worker lives on.
//   (I3) Each worker begins the tasks that one thread submits in the order of their submission.
//   (I4) After join() no worker runs.
// Non-invariants: tasks of different threads begin in no promised order; tasks end in any order.
//
// A task that waits for a task of its own pool does it, if nobody has begun it (helper.h); so tasks
// may submit and wait, nested and recursively, whatever the number of workers. What a task waits
// for by other means (an Event, a Queue) needs a worker that is free.
//
// The documents' pool and this one differ: map() reports the first failure in the order of the
// input; the calling thread of a blocking map() takes the place of a worker; what terminate() drops
// is cancelled and not lost; and the destructor closes and joins, where Python's `with` terminates.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <ranges>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "primitives/pool/async_map.h"
#include "primitives/pool/async_result.h"
#include "primitives/pool/future.h"
#include "primitives/pool/imap.h"
#include "primitives/pool/imap_chunk.h"
#include "primitives/pool/map_job.h"
#include "primitives/pool/task_state.h"
#include "primitives/pool/workers.h"

namespace weft {

class ThreadPool {
 public:
  struct Options {
    // 0: as many as processors that the calling thread may run on.
    std::size_t workers = 0;
    // Called by each worker before its first task. If it throws, the pool is broken: what waits is
    // cancelled, and submitting throws BrokenThreadPool.
    std::function<void()> initializer = {};
    std::string name = "pool";  // of the workers, before their numbers
  };

  ThreadPool() : ThreadPool(Options{}) {}
  // Throws ValueError for zero. If the system has no thread to give, those already started end, and
  // std::system_error passes through.
  explicit ThreadPool(std::size_t workers);
  explicit ThreadPool(Options options);
  // close() and join().
  ~ThreadPool() = default;
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // All that submit throw RuntimeError after close(). Function and arguments may be move-only; a
  // function whose first parameter is a std::stop_token gets one that Future::request_stop() and
  // terminate() reach. One with captures must not return a coroutine, which would outlive them.
  template <class F, class... Args>
    requires internal::MayEndBeforeItsResult<F, Args...>
  auto submit(F&& function, Args&&... args) {
    return internal::submit_to(workers_, std::forward<F>(function), std::forward<Args>(args)...);
  }
  // Without a future, and for a small function without memory from the heap. What it throws goes to
  // the hook of stray exceptions.
  template <class F>
  void post(F&& function) {
    internal::Task task = internal::Task::of(std::forward<F>(function));
    try {
      workers_.submit(task);
    } catch (...) {
      task.drop();
      throw;
    }
  }

  // Submits, and waits for the result.
  template <class F, class... Args>
  auto apply(F&& function, Args&&... args) -> internal::TaskResult<F, Args...> {
    return internal::taken(submit(std::forward<F>(function), std::forward<Args>(args)...));
  }
  // One of the callbacks is called in the worker before the result is ready: with the value (or
  // nothing), or with the exception.
  template <class F, class Args = std::tuple<>, class Callback = NoCallback,
            class ErrorCallback = NoCallback>
  auto apply_async(F function, Args args = {}, Callback callback = {},
                   ErrorCallback error_callback = {}) {
    using Result = decltype(std::apply(std::move(function), std::move(args)));
    return AsyncResult<Result>(submit(
        [function = std::move(function), args = std::move(args), callback = std::move(callback),
         error_callback = std::move(error_callback)]() mutable -> Result {
          const auto call = [&]() -> Result {
            try {
              return std::apply(std::move(function), std::move(args));
            } catch (...) {
              internal::call_back(error_callback, std::current_exception());
              throw;
            }
          };
          if constexpr (std::is_void_v<Result>) {
            call();
            internal::call_back(callback);
          } else {
            Result result = call();
            internal::call_back(callback, result);
            return result;
          }
        }));
  }

  // Calls `function` with each element and returns the results in the order of the input. Returns
  // when all calls are done; then throws the first exception in the order of the input, if there is
  // one. `chunk`: how many elements are one task; 0 for as many as suit the pool. The calling
  // thread takes the place of one worker, unless the pool has only one or an initializer.
  template <std::ranges::input_range Range, class F>
  auto map(F function, Range&& inputs, std::size_t chunk = 0) {
    if constexpr (std::ranges::random_access_range<Range> && std::ranges::sized_range<Range>) {
      return map_from(std::move(function), std::ranges::begin(inputs),
                      static_cast<std::size_t>(std::ranges::size(inputs)), chunk);
    } else {
      auto copied = to_vector(std::forward<Range>(inputs));
      return map_from(std::move(function), std::make_move_iterator(copied.begin()), copied.size(),
                      chunk);
    }
  }
  // The same into the elements that begin at `out`, which may be those of the input.
  template <std::ranges::random_access_range Range, class F, std::random_access_iterator Out>
  void map_into(F function, Range&& inputs, Out out, std::size_t chunk = 0) {
    const auto count = static_cast<std::size_t>(std::ranges::size(inputs));
    (void)run_map(std::move(function), std::ranges::begin(inputs),
                  internal::ResultsInto<Out>(std::move(out)), count, chunk);
  }
  // map() of a function with several parameters; the elements are tuples.
  template <std::ranges::input_range Range, class F>
  auto starmap(F function, Range&& inputs, std::size_t chunk = 0) {
    return map(internal::Starred<F>{std::move(function)}, std::forward<Range>(inputs), chunk);
  }

  // map() that does not wait; it keeps copies of the elements. The callback gets all results, the
  // error callback the exception, before the result is ready. If terminate()
  // drops a part of it, the exception is CancelledError.
  template <std::ranges::input_range Range, class F, class Callback = NoCallback,
            class ErrorCallback = NoCallback>
  auto map_async(F function, Range&& inputs, std::size_t chunk = 0, Callback callback = {},
                 ErrorCallback error_callback = {}) {
    using Input = std::ranges::range_value_t<Range>;
    const auto job = std::make_shared<internal::AsyncMap<F, Input, Callback, ErrorCallback>>(
        workers_, std::move(function), to_vector(std::forward<Range>(inputs)), chunk,
        std::move(callback), std::move(error_callback));
    job->start();
    return job->result();
  }
  template <std::ranges::input_range Range, class F, class Callback = NoCallback,
            class ErrorCallback = NoCallback>
  auto starmap_async(F function, Range&& inputs, std::size_t chunk = 0, Callback callback = {},
                     ErrorCallback error_callback = {}) {
    return map_async(internal::Starred<F>{std::move(function)}, std::forward<Range>(inputs), chunk,
                     std::move(callback), std::move(error_callback));
  }

  // The results one by one, as an input range (imap.h). Throws ValueError for a chunk of 0.
  template <std::ranges::input_range Range, class F>
  auto imap(F function, Range&& inputs, std::size_t chunk = 1) {
    return imap_in_order(std::move(function), std::forward<Range>(inputs), chunk, true);
  }
  // The same in the order in which the calls end.
  template <std::ranges::input_range Range, class F>
  auto imap_unordered(F function, Range&& inputs, std::size_t chunk = 1) {
    return imap_in_order(std::move(function), std::forward<Range>(inputs), chunk, false);
  }

  // No more tasks; those submitted still run. Repeatable.
  void close() { workers_.close(); }
  // close(), cancels what has not begun, and asks what runs to stop.
  void terminate() { workers_.terminate(); }
  // Waits until all tasks are done and the workers have ended. Throws ValueError before close(),
  // and RuntimeError from a worker.
  void join() { workers_.join(); }

  std::size_t workers() const { return workers_.most(); }

 private:
  friend struct internal::WorkersOf;

  template <class F, class Range>
  auto imap_in_order(F function, Range&& inputs, std::size_t chunk, bool ordered) {
    static_assert(std::is_nothrow_destructible_v<F>, "nobody could be told of what it throws");
    using View = std::views::all_t<Range>;
    using Chunk = internal::ImapChunk<F, std::ranges::range_value_t<View>>;
    using Result = typename Chunk::Result;
    // Shared: the tasks may outlive this call.
    auto submit = [this, function = std::make_shared<F>(std::move(function))](auto elements) {
      return internal::submit_to(
          workers_, [function](auto each) { return Chunk::call(*function, std::move(each)); },
          std::move(elements));
    };
    return Imap<View, Result, std::exception_ptr, decltype(submit)>(
        std::views::all(std::forward<Range>(inputs)), chunk, ordered, 4 * workers_.most(),
        std::move(submit));
  }
  template <class Range>
  static auto to_vector(Range&& inputs) {
    std::vector<std::ranges::range_value_t<Range>> copied;
    if constexpr (std::ranges::sized_range<Range>) copied.reserve(std::ranges::size(inputs));
    for (auto&& input : inputs) copied.emplace_back(std::forward<decltype(input)>(input));
    return copied;
  }

  template <class F, class Iterator>
  auto map_from(F function, Iterator first, std::size_t count, std::size_t chunk) {
    using Result = internal::ResultOfMap<F, Iterator>;
    return run_map(std::move(function), std::move(first), internal::Results<Result>(count), count,
                   chunk)
        ->places.take();
  }

  // A job that has ended, with its results; throws the first failure.
  template <class F, class Iterator, class Places>
  auto run_map(F function, Iterator first, Places places, std::size_t count, std::size_t chunk) {
    using Job = internal::BlockingMap<F, Iterator, Places>;
    const auto job = std::make_shared<Job>(workers_, std::move(function), std::move(first),
                                           std::move(places), count, chunk);
    if (run_blocking(*job)) job->wait();
    if (const std::exception_ptr failure = job->failure()) std::rethrow_exception(failure);
    if (!job->all()) throw CancelledError("ThreadPool::map: the pool was terminated");
    return job;
  }
  // False if there is nothing to wait for.
  bool run_blocking(internal::Chunks& job);

  const bool has_initializer_;
  internal::Workers workers_;
};

}  // namespace weft
