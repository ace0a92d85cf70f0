// Workers: the threads of a pool and the tasks that wait for them, below the vocabularies of
// ThreadPool and ThreadPoolExecutor. docs/pool.md draws the picture.
//
// A task that comes from outside goes to the shared deque, in order; one that a worker submits goes
// to that worker's own deque. A worker takes the first task of its own, else the first shared ones
// (one, or some if there are plenty: they go to its own deque), else the first of another worker.
// One that runs them as fast as they come lets some come together first (pace.h).
// Now and then it looks at the shared and the others' first, so that no task waits for ever behind
// tasks that submit tasks, or behind a long one.
//
// Thread safety: every function from any thread; the destructor from none of the workers, after all
// other calls have ended.
// Memory ordering: what a thread did before submit() is visible to the task; what the tasks did is
// visible after join().
// Invariants:
//   (I1) A task that submit() took is run exactly once, or dropped exactly once: by terminate() or
//        drop_waiting(), or because an initializer failed.
//   (I2) Each worker begins the tasks that one thread submits in the order of their submission,
//        unless it waits for one and does it early (helper.h). So with one worker all do.
//   (I3) A worker sleeps only while there is no task that nobody was called for.
//   (I4) Nobody is called without a task, and one worker at a time.
//   (I5) A worker ends only when the pool is closed and all workers had nothing to do.
//   (I6) After join() no worker runs.
// Non-invariants: a worker that is called may find that another one was quicker. Tasks of different
//        threads begin in no promised order.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "primitives/base/mutex.h"
#include "primitives/pool/idle_workers.h"
#include "primitives/pool/placement.h"
#include "primitives/pool/task.h"
#include "primitives/pool/task_deque.h"
#include "primitives/threading/thread.h"

namespace weft::internal {

// Who may ask a pool for its workers (resumption.h).
struct WorkersOf;

class Workers {
 public:
  struct Options {
    std::size_t most = 1;
    // False: all workers begin at once. True: each when a task finds no idle one.
    bool on_demand = false;
    // Where the places of its deques begin to count (task_deque.h); tests begin near the wrap.
    std::uint64_t first_place = 0;
    std::string name = "pool";  // of the threads, before their numbers
    // Called by each worker before its first task. If it throws, the workers are broken: they drop
    // what waits, and submit() throws BrokenThreadPool.
    std::function<void()> initializer = {};
  };

  // Throws ValueError for no workers, std::system_error if the system has no thread to give.
  explicit Workers(Options options);
  // close() and join().
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // Throws RuntimeError after close(), std::system_error if there is no worker and the system has
  // no thread to give, bad_alloc: then the task is still the caller's.
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

  bool closed() const { return closed_.load(); }
  std::size_t most() const { return options_.most; }
  std::size_t started() const { return started_.load(); }
  // Requested by terminate().
  std::stop_token stop_token() const { return stop_.get_token(); }

 private:
  class Worker;

  void submit_from_outside(Task task);
  void call_for_task();
  void call_one();
  void see_to_call();
  void start_if_none_is_idle();
  void start_one() WEFT_REQUIRES(starting_);
  void refuse() const;
  void break_down();
  bool started_has(std::size_t number);

  void work(Worker& worker);
  void run(Task task);
  bool next(Worker& worker, Task& task);
  bool search(Worker& worker, Task& task);
  bool take_shared(Worker& worker, Task& task, std::size_t most);
  bool steal(const Worker& worker, Task& task);
  void part_from_others(Worker& worker);
  // After the last search has ended with a task: calls the next worker if there are more.
  void call_next();
  // False: the worker is to end.
  bool rest(Worker& worker, bool was_searching);
  // Whether there is a task. Whoever publishes one later sees what the caller did before, and the
  // caller sees one that was published before.
  bool any_task();

  const Options options_;
  const std::size_t share_;  // one of so many shared tasks a worker takes at once; the others' rest
  std::stop_source stop_;
  alignas(64) Mutex pushing_;  // on a line that only those who push write
  TaskDeque shared_;           // its owner is who holds pushing_
  IdleWorkers idle_;
  Placement placement_;
  // Written under pushing_, so that what is pushed there comes before or is refused.
  std::atomic<bool> closed_{false};
  std::atomic<bool> broken_{false};
  Mutex starting_;  // taken before all others
  // Places for all that may come: the first started_ are there and constant until the end.
  const std::unique_ptr<std::unique_ptr<Worker>[]> workers_;
  std::atomic<std::size_t> started_{0};
};

}  // namespace weft::internal
