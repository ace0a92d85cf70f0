#include "primitives/pool/thread_pool.h"

#include <string>
#include <thread>

namespace weft {

ThreadPool::ThreadPool(std::size_t workers) {
  if (workers == 0) throw ValueError("ThreadPool: there must be at least one worker");
  threads_.reserve(workers);
  try {
    for (std::size_t i = 0; i < workers; ++i) {
      Thread::Options options{.name = "pool-" + std::to_string(i), .daemon = false};
      threads_.push_back(std::make_unique<Thread>(std::move(options), [this] { work(); }));
      threads_.back()->start();
    }
  } catch (...) {
    close();
    threads_.clear();  // joins those that were started
    throw;
  }
}

ThreadPool::~ThreadPool() {
  close();
  threads_.clear();
}

void ThreadPool::close() { tasks_.shutdown(); }

void ThreadPool::join() {
  if (!tasks_.is_shut_down()) throw ValueError("ThreadPool::join: close() the pool first");
  for (const auto& thread : threads_) thread->join();
}

std::size_t ThreadPool::default_workers() {
  const std::size_t processors = std::thread::hardware_concurrency();
  return processors == 0 ? 1 : processors;
}

void ThreadPool::enqueue_task(Task task) {
  try {
    tasks_.put(std::move(task));
  } catch (const QueueShutDown&) {
    throw RuntimeError("ThreadPool::submit: the pool is closed");
  }
}

void ThreadPool::work() {
  for (Task& task : tasks_) task();
}

}  // namespace weft
