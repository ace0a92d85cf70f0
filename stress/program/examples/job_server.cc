// A worker that is asked to stop by a flag and a notification. Who sets the flag without the lock
// may do so just between the worker's look and its sleep. Correct if compiled with -DLOCKED.
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

class JobServer {
 public:
  JobServer() : worker_([this] { run(); }) {}
  ~JobServer() {
    {
#ifdef LOCKED
      std::lock_guard lock(mutex_);
#endif
      stop_ = true;
    }
    wake_.notify_one();
    worker_.join();
  }
  void add(int job) {
    {
      std::lock_guard lock(mutex_);
      jobs_.push_back(job);
    }
    wake_.notify_one();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (!stop_) {
      wake_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
      while (!jobs_.empty()) jobs_.pop_front();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<int> jobs_;
  std::atomic<bool> stop_{false};
  std::thread worker_;
};

int main() {
  JobServer server;
  server.add(1);
}
