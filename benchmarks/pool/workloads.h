// What pools are measured with, whichever pool it is: the benchmarks and the tour do the same.
//
// A Pool has post(task), which runs it some time, and submit(function), whose future has get().
//
// Thread safety: one workload at a time on a pool; post() of a pool from as many threads as the
// workload says.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "benchmarks/pool/textbook_pool.h"
#include "benchmarks/work/work.h"
#include "primitives/pool/thread_pool.h"
#include "primitives/threading/event.h"

namespace weft::benchmarks {

// weft::ThreadPool in the common shape.
class WeftPool {
 public:
  explicit WeftPool(std::size_t workers) : pool_(workers) {}
  template <class F>
  void post(F task) {
    pool_.post(std::move(task));
  }
  template <class F>
  auto submit(F function) {
    return Taken<std::invoke_result_t<F>>{pool_.submit(std::move(function))};
  }

 private:
  template <class T>
  struct Taken {
    weft::Future<T> future;
    T get() { return future.take(); }
  };

  weft::ThreadPool pool_;
};

// Lets one thread wait for `count` tasks: the last one to finish tells it. On lines of its own:
// what the thread writes beside it on its stack is in the way of no task.
class alignas(128) Countdown {
 public:
  explicit Countdown(std::size_t count) : left_(count) {}
  void finish_one() {
    if (left_.fetch_sub(1) == 1) done_.set();
  }
  void wait() { done_.wait(); }

 private:
  std::atomic<std::size_t> left_;
  Event done_;
};

// Submits `tasks` tasks that call `function`, and waits for all.
template <class Pool, class F>
void run_and_wait(Pool& pool, std::size_t tasks, const F& function) {
  Countdown countdown(tasks);
  for (std::size_t i = 0; i < tasks; ++i) {
    pool.post([&countdown, &function] {
      function();
      countdown.finish_one();
    });
  }
  countdown.wait();
}

// The same from several threads, each of which submits its share.
template <class Pool, class F>
void produce_and_wait(Pool& pool, std::size_t producers, std::size_t tasks, const F& function) {
  Countdown countdown(tasks / producers * producers);
  std::vector<std::jthread> threads;
  for (std::size_t p = 0; p < producers; ++p) {
    threads.emplace_back([&] {
      for (std::size_t i = 0; i < tasks / producers; ++i) {
        pool.post([&countdown, &function] {
          function();
          countdown.finish_one();
        });
      }
    });
  }
  countdown.wait();
}

template <class Pool>
void run_empty_tasks(Pool& pool, std::size_t tasks) {
  run_and_wait(pool, tasks, [] {});
}

// Submits `tasks` tasks and collects their values; returns the sum, so that none can be left out.
template <class Pool>
std::uint64_t collect_futures(Pool& pool, std::size_t tasks) {
  std::vector<decltype(pool.submit([] { return std::uint64_t{}; }))> futures;
  futures.reserve(tasks);
  for (std::size_t i = 0; i < tasks; ++i) {
    futures.push_back(pool.submit([i] { return std::uint64_t{i}; }));
  }
  std::uint64_t sum = 0;
  for (auto& future : futures) sum += future.get();
  return sum;
}

inline std::uint64_t expected_sum(std::size_t tasks) {
  return std::uint64_t{tasks} * (std::uint64_t{tasks} - 1) / 2;
}

// Tasks that keep a processor busy: the share of the ideal is what the pool leaves of it.
template <class Pool>
void run_working_tasks(Pool& pool, std::size_t tasks, const Work& work) {
  run_and_wait(pool, tasks, work);
}

}  // namespace weft::benchmarks
