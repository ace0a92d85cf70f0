#include "stress/pool/plain_workers.h"

#include <utility>

#include "primitives/base/errors.h"
#include "primitives/pool/stray_exception.h"

namespace weft::testing_pool {

using internal::MutexLock;

namespace {

// Of which workers the calling thread is one.
thread_local const PlainWorkers* current = nullptr;

}  // namespace

PlainWorkers::PlainWorkers(Options options) : options_(std::move(options)) {
  if (options_.most == 0) throw ValueError("ThreadPool: there must be at least one worker");
  if (options_.on_demand) return;
  try {
    MutexLock hold(mutex_);
    threads_.reserve(options_.most);
    while (threads_.size() < options_.most) start_one();
  } catch (...) {
    close();
    join();
    throw;
  }
}

PlainWorkers::~PlainWorkers() {
  close();
  join();
}

void PlainWorkers::start_one() {
  Thread::Options options{.name = options_.name + "-" + std::to_string(threads_.size()),
                          .daemon = false};
  threads_.push_back(std::make_unique<Thread>(std::move(options), [this] { work(); }));
  try {
    threads_.back()->start();
  } catch (...) {
    threads_.pop_back();
    throw;
  }
}

void PlainWorkers::submit(Task task) {
  MutexLock hold(mutex_);
  if (broken_) throw BrokenThreadPool("ThreadPool::submit: the initializer of a worker failed");
  if (closed_) throw RuntimeError("ThreadPool::submit: the pool is closed");
  if (idle_.empty() && called_ == 0 && threads_.size() < options_.most) {
    try {
      start_one();
    } catch (...) {
      if (threads_.empty()) throw;
    }
  }
  tasks_.push_back(task);
  called_ += idle_.notify(1);
}

void PlainWorkers::close() {
  MutexLock hold(mutex_);
  closed_ = true;
  called_ += idle_.notify_all();
}

void PlainWorkers::drop_waiting() {
  std::deque<Task> dropped;
  {
    MutexLock hold(mutex_);
    dropped.swap(tasks_);
  }
  for (Task& task : dropped) task.drop();
}

void PlainWorkers::terminate() {
  close();
  drop_waiting();
  stop_.request_stop();
}

void PlainWorkers::join() {
  std::vector<Thread*> threads;
  {
    MutexLock hold(mutex_);
    if (!closed_) throw ValueError("ThreadPool::join: close() the pool first");
    for (const auto& thread : threads_) threads.push_back(thread.get());
  }
  if (current == this) {
    throw RuntimeError("ThreadPool::join: a worker cannot wait for its own end");
  }
  for (Thread* thread : threads) thread->join();
}

bool PlainWorkers::closed() const {
  MutexLock hold(mutex_);
  return closed_;
}

std::size_t PlainWorkers::started() const {
  MutexLock hold(mutex_);
  return threads_.size();
}

bool PlainWorkers::take(Task& task) {
  MutexLock hold(mutex_);
  while (tasks_.empty()) {
    if (closed_) return false;
    (void)idle_.wait(mutex_, Deadline::never());
    --called_;
  }
  task = tasks_.front();
  tasks_.pop_front();
  return true;
}

void PlainWorkers::break_down() {
  {
    MutexLock hold(mutex_);
    broken_ = true;
    closed_ = true;
    called_ += idle_.notify_all();
  }
  drop_waiting();
}

void PlainWorkers::work() {
  current = this;
  if (options_.initializer) {
    try {
      options_.initializer();
    } catch (...) {
      report_stray_exception("the initializer of a pool");
      return break_down();
    }
  }
  Task task;
  while (take(task)) {
    try {
      task.run();
    } catch (...) {
      report_stray_exception("a task without a future");
    }
  }
}

}  // namespace weft::testing_pool
