// ThreadPool: a fixed number of threads that do what is submitted, in the order of submission.
//
// Thread safety: submit(), map(), close() and join() from any thread. A task must not wait for a
// task that was submitted later to the same pool: with all workers waiting so, nobody does the
// work. Memory ordering: what the submitter did before submit() is visible to the task; what the
// task did is visible to whoever sees its future done, and to all after join(). Invariants: (I1) A
// submitted task runs exactly once, also if close() follows at once. (I2) An exception of a task
// goes to its future; the worker lives on. (I3) After join() no worker runs.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "primitives/pool/future.h"
#include "primitives/queue/queue.h"
#include "primitives/threading/thread.h"

namespace weft {

class ThreadPool {
 public:
  // As many workers as the machine has processors.
  ThreadPool() : ThreadPool(default_workers()) {}
  // Throws ValueError for zero. If the system has no thread to give, those already started end, and
  // std::system_error passes through.
  explicit ThreadPool(std::size_t workers);
  // close() and join().
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // Throws RuntimeError after close(). Function and arguments may be move-only.
  template <class F, class... Args>
  auto submit(F&& function, Args&&... args)
      -> Future<std::invoke_result_t<std::decay_t<F>, std::decay_t<Args>...>> {
    using Result = std::invoke_result_t<std::decay_t<F>, std::decay_t<Args>...>;
    Promise<Result> promise;
    Future<Result> future = promise.future();
    enqueue([promise = std::move(promise), function = std::decay_t<F>(std::forward<F>(function)),
             bound = std::tuple<std::decay_t<Args>...>(std::forward<Args>(args)...)]() mutable {
      fulfil(promise,
             [&]() -> Result { return std::apply(std::move(function), std::move(bound)); });
    });
    return future;
  }

  // Calls `function` with each element and returns the results in the order of the input. Returns
  // when all calls are done; then throws the first exception in the order of the input, if there is
  // one.
  template <std::ranges::input_range Range, class F>
  auto map(F function, Range&& inputs) {
    using Input = std::ranges::range_value_t<Range>;
    using Result = std::invoke_result_t<F&, Input>;
    // Shared: a submit() that throws leaves tasks behind that still call it.
    const auto shared_function = std::make_shared<F>(std::move(function));
    std::vector<Future<Result>> futures;
    for (auto&& input : inputs) {
      futures.push_back(
          submit([shared_function](Input value) { return (*shared_function)(std::move(value)); },
                 Input(std::forward<decltype(input)>(input))));
    }
    for (const auto& future : futures) future.wait();
    if constexpr (std::is_void_v<Result>) {
      for (const auto& future : futures) (void)future.result();
    } else {
      std::vector<Result> results;
      results.reserve(futures.size());
      for (auto& future : futures) results.push_back(future.take());
      return results;
    }
  }

  // No more tasks; those submitted still run. Repeatable.
  void close();
  // Waits until all tasks are done and the workers have ended. Throws ValueError before close(),
  // and RuntimeError from a worker.
  void join();

  std::size_t workers() const { return threads_.size(); }

 private:
  // std::function wants its target copyable; a task need not be.
  class Task {
   public:
    template <class F>
    explicit Task(F&& function)
        : call_(std::make_unique<Model<std::decay_t<F>>>(std::forward<F>(function))) {}
    void operator()() { call_->run(); }

   private:
    struct Concept {
      virtual ~Concept() = default;
      virtual void run() = 0;
    };
    template <class F>
    struct Model final : Concept {
      explicit Model(F&& f) : function(std::move(f)) {}
      void run() override { function(); }
      F function;
    };
    std::unique_ptr<Concept> call_;
  };

  template <class Result, class F>
  static void fulfil(Promise<Result>& promise, F function) {
    try {
      if constexpr (std::is_void_v<Result>) {
        function();
        promise.set_value({});
      } else {
        promise.set_value(function());
      }
    } catch (...) {
      promise.set_exception(std::current_exception());
    }
  }

  static std::size_t default_workers();
  template <class F>
  void enqueue(F&& function) {
    enqueue_task(Task(std::forward<F>(function)));
  }
  void enqueue_task(Task task);
  void work();

  Queue<Task> tasks_;
  std::vector<std::unique_ptr<Thread>> threads_;  // constant after construction
};

}  // namespace weft
