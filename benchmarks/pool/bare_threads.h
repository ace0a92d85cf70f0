// Threads with nothing between them and the work: each takes the next number with one fetch_add.
// What they reach is what this machine gives at the moment, with all that runs beside; a pool can
// hardly do better.
//
// Thread safety: run_and_wait() by the thread that made it.
#pragma once

#include <atomic>
#include <barrier>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace weft::benchmarks {

class BareThreads {
 public:
  explicit BareThreads(std::size_t workers) : meet_(static_cast<std::ptrdiff_t>(workers) + 1) {
    for (std::size_t i = 0; i < workers; ++i) {
      threads_.emplace_back([this] { work(); });
    }
  }
  ~BareThreads() {
    work_ = nullptr;
    meet_.arrive_and_wait();
  }
  BareThreads(const BareThreads&) = delete;
  BareThreads& operator=(const BareThreads&) = delete;

  template <class F>
  friend void run_and_wait(BareThreads& threads, std::size_t tasks, const F& function) {
    threads.work_ = [&] {
      while (threads.next_.fetch_add(1) < tasks) function();
    };
    threads.next_.store(0);
    threads.meet_.arrive_and_wait();
    threads.meet_.arrive_and_wait();
  }

 private:
  void work() {
    for (;;) {
      meet_.arrive_and_wait();
      if (!work_) return;
      work_();
      meet_.arrive_and_wait();
    }
  }

  std::barrier<> meet_;
  std::function<void()> work_;  // constant between two meetings
  std::atomic<std::size_t> next_{0};
  std::vector<std::jthread> threads_;  // last: they use what is above
};

}  // namespace weft::benchmarks
