// Pools of other libraries in the common shape of workloads.h, as far as the system has them.
//
// Thread safety: post() and submit() from the thread that made the pool.
#pragma once

#ifdef WEFT_HAVE_BOOST
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#endif
#ifdef WEFT_HAVE_EIGEN
#include <unsupported/Eigen/CXX11/ThreadPool>
#endif
#ifdef WEFT_HAVE_ONETBB
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_group.h>
#endif

#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "benchmarks/pool/workloads.h"

namespace weft::benchmarks {

#ifdef WEFT_HAVE_BOOST
class AsioPool {
 public:
  explicit AsioPool(std::size_t workers) : pool_(workers) {}
  ~AsioPool() { pool_.join(); }
  AsioPool(const AsioPool&) = delete;
  AsioPool& operator=(const AsioPool&) = delete;

  template <class F>
  void post(F task) {
    boost::asio::post(pool_, std::move(task));
  }
  template <class F>
  auto submit(F function) {
    std::packaged_task<std::invoke_result_t<F>()> task(std::move(function));
    auto future = task.get_future();
    boost::asio::post(pool_, std::move(task));
    return future;
  }

 private:
  boost::asio::thread_pool pool_;
};
#endif

#ifdef WEFT_HAVE_EIGEN
// When its queue is full the submitting thread runs the task itself.
class EigenPool {
 public:
  explicit EigenPool(std::size_t workers) : pool_(static_cast<int>(workers), false) {}
  template <class F>
  void post(F task) {
    pool_.Schedule(std::move(task));
  }
  // std::function wants its target copyable, and a packaged_task is not.
  template <class F>
  auto submit(F function) {
    using Result = std::invoke_result_t<F>;
    auto task = std::make_shared<std::packaged_task<Result()>>(std::move(function));
    auto future = task->get_future();
    pool_.Schedule([task = std::move(task)] { (*task)(); });
    return future;
  }

 private:
  Eigen::ThreadPool pool_;
};
#endif

#ifdef WEFT_HAVE_ONETBB
// The waiting thread is one of the workers, so with one worker nothing runs until somebody waits.
class TbbTaskGroup {
 public:
  explicit TbbTaskGroup(std::size_t workers)
      : limit_(tbb::global_control::max_allowed_parallelism, workers) {}
  ~TbbTaskGroup() { group_.wait(); }
  TbbTaskGroup(const TbbTaskGroup&) = delete;
  TbbTaskGroup& operator=(const TbbTaskGroup&) = delete;

  template <class F>
  void post(F task) {
    group_.run(std::move(task));
  }
  void wait() { group_.wait(); }

  template <class T>
  struct Awaited {
    TbbTaskGroup* group;
    std::future<T> future;
    // The first one waits for all, so that this thread takes part; the others find theirs done.
    T get() {
      if (future.wait_for(std::chrono::seconds(0)) != std::future_status::ready) group->wait();
      return future.get();
    }
  };
  template <class F>
  auto submit(F function) {
    using Result = std::invoke_result_t<F>;
    auto task = std::make_shared<std::packaged_task<Result()>>(std::move(function));
    Awaited<Result> awaited{this, task->get_future()};
    post([task = std::move(task)] { (*task)(); });
    return awaited;
  }

 private:
  tbb::global_control limit_;
  tbb::task_group group_;
};

// Waits as a task_group is meant to be waited for.
template <class F>
void run_and_wait(TbbTaskGroup& pool, std::size_t tasks, const F& function) {
  for (std::size_t i = 0; i < tasks; ++i) pool.post([&function] { function(); });
  pool.wait();
}
template <class F>
void produce_and_wait(TbbTaskGroup& pool, std::size_t producers, std::size_t tasks,
                      const F& function) {
  std::vector<std::jthread> threads;
  for (std::size_t p = 0; p < producers; ++p) {
    threads.emplace_back([&] {
      for (std::size_t i = 0; i < tasks / producers; ++i) pool.post([&function] { function(); });
    });
  }
  threads.clear();
  pool.wait();
}
#endif

}  // namespace weft::benchmarks
