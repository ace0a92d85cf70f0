// PlainWorkers: what Workers does, written so that one sees it: a mutex, a deque, a list of
// sleepers. The tests hold the two against each other.
//
// Thread safety, memory ordering and invariants: as of Workers (primitives/pool/workers.h).
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "primitives/base/mutex.h"
#include "primitives/base/wait_list.h"
#include "primitives/pool/task.h"
#include "primitives/pool/workers.h"
#include "primitives/threading/thread.h"

namespace weft::testing_pool {

using internal::Mutex;
using internal::Task;
using internal::WaitList;

class PlainWorkers {
 public:
  using Options = internal::Workers::Options;

  explicit PlainWorkers(Options options);
  // close() and join().
  ~PlainWorkers();
  PlainWorkers(const PlainWorkers&) = delete;
  PlainWorkers& operator=(const PlainWorkers&) = delete;

  // Throws RuntimeError after close(), or if the system has no thread to give and there is none:
  // then the task is still the caller's.
  void submit(Task task);
  // No more tasks; those submitted still run. Repeatable.
  void close();
  // close(), drops the tasks that have not begun, and asks those that run to stop.
  void terminate();
  // Drops the tasks that have not begun.
  void drop_waiting();
  // Waits until all tasks are done and the workers have ended. Throws ValueError before close(),
  // RuntimeError from a worker.
  void join();

  bool closed() const;
  std::size_t most() const { return options_.most; }
  std::size_t started() const;
  // Requested by terminate().
  std::stop_token stop_token() const { return stop_.get_token(); }

 private:
  void start_one() WEFT_REQUIRES(mutex_);
  void work();
  bool take(Task& task);
  void break_down();

  const Options options_;
  std::stop_source stop_;
  mutable Mutex mutex_;
  std::deque<Task> tasks_ WEFT_GUARDED_BY(mutex_);
  WaitList idle_ WEFT_GUARDED_BY(mutex_);
  // Workers that were woken for a task and have not looked yet.
  std::size_t called_ WEFT_GUARDED_BY(mutex_) = 0;
  bool closed_ WEFT_GUARDED_BY(mutex_) = false;
  bool broken_ WEFT_GUARDED_BY(mutex_) = false;
  std::vector<std::unique_ptr<Thread>> threads_ WEFT_GUARDED_BY(mutex_);
};

}  // namespace weft::testing_pool
