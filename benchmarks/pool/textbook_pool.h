// The pool that a textbook would write, for comparison: one mutex, one condition, a deque of
// std::function.
//
// Thread safety: post() from any thread. The destructor waits until all that was posted has run.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace weft::benchmarks {

class TextbookPool {
 public:
  explicit TextbookPool(std::size_t workers) {
    for (std::size_t i = 0; i < workers; ++i) {
      threads_.emplace_back([this] { work(); });
    }
  }
  ~TextbookPool() {
    {
      const std::scoped_lock hold(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }
  TextbookPool(const TextbookPool&) = delete;
  TextbookPool& operator=(const TextbookPool&) = delete;

  void post(std::function<void()> task) {
    {
      const std::scoped_lock hold(mutex_);
      tasks_.push_back(std::move(task));
    }
    changed_.notify_one();
  }

  // std::function wants its target copyable, and a packaged_task is not.
  template <class F>
  auto submit(F function) -> std::future<std::invoke_result_t<F>> {
    using Result = std::invoke_result_t<F>;
    auto task = std::make_shared<std::packaged_task<Result()>>(std::move(function));
    std::future<Result> future = task->get_future();
    post([task = std::move(task)] { (*task)(); });
    return future;
  }

 private:
  void work() {
    for (;;) {
      std::function<void()> task;
      {
        std::unique_lock hold(mutex_);
        changed_.wait(hold, [this] { return closed_ || !tasks_.empty(); });
        if (tasks_.empty()) return;
        task = std::move(tasks_.front());
        tasks_.pop_front();
      }
      task();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;  // guarded by mutex_
  bool closed_ = false;                      // guarded by mutex_
  std::vector<std::thread> threads_;         // constant after construction
};

}  // namespace weft::benchmarks
