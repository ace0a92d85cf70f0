#include "primitives/pool/workers.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <utility>

#include "primitives/base/errors.h"
#include "primitives/pool/future_state.h"
#include "primitives/pool/helper.h"
#include "primitives/pool/shared_taker.h"
#include "primitives/pool/spin.h"
#include "primitives/pool/stray_exception.h"

namespace weft::internal {
namespace {

// Powers of two. The rings grow; these are enough for tasks that keep pace.
constexpr std::size_t kSharedCapacity = 1024;
constexpr std::size_t kOwnCapacity = 64;
// A worker looks at the shared tasks, and those of others, first once in so many. A prime, so that
// it does not fall into step with what the tasks do.
constexpr std::size_t kOthersFirst = 61;
// A worker asks once in so many tasks whether one that was called has not come: the clock costs as
// much as an empty task.
constexpr std::size_t kLooksAfterCall = 4;
// So many shared tasks a worker takes at once, if there are plenty: the line that all who take
// write to is then needed once for all of them.
constexpr std::size_t kMostAtOnce = 16;
static_assert(kMostAtOnce <= kOwnCapacity, "they go to an empty deque, which need not grow");

}  // namespace

// What a worker has for itself. Helper::current() of its thread, while it works.
class Workers::Worker final : public Helper {
 public:
  Worker(Workers& workers, std::size_t number)
      : Helper(&workers),
        workers(workers),
        deque(kOwnCapacity, workers.options_.first_place),
        shared(workers.options_.first_place),
        end_of_shared(workers.options_.first_place),
        thread(Thread::Options{.name = workers.options_.name + "-" + std::to_string(number),
                               .daemon = false},
               [this] { begin(); }) {}

  // The worker of these workers that the calling thread is, or null.
  static Worker* current_of(const Workers& workers) {
    Helper* const helper = Helper::current();
    return helper != nullptr && helper->home() == &workers ? static_cast<Worker*>(helper) : nullptr;
  }

  void help(FutureState& state) override {
    Task task;
    if (deque.pop_if(&state, task)) {
      workers.run(task);
      if (over != 0) drop_over();
    } else if (state.claim()) {
      ++over;  // its task lies somewhere, perhaps here
      state.run_claimed();
    }
  }

  Workers& workers;
  TaskDeque deque;
  IdleWorkers::Seat seat;
  SpinBudget spin;
  Placement::Place place;
  SharedTaker shared;
  // Whether none of the tasks is left that came from the shared deque, and so have their turn.
  bool has_begun_all_shared() const {
    const std::uint64_t top = deque.top();
    return top == deque.next_place() || !TaskDeque::before(top, end_of_shared);
  }

  std::size_t taken = 0;
  std::uint64_t end_of_shared;  // tasks at smaller places of the deque may be from there

 private:
  void begin() {
    place.thread = gettid();
    seat.take(place.thread);
    set_current(this);
    workers.work(*this);
    set_current(nullptr);
  }

  // Drops the tasks at the bottom that were done out of turn, or recursion would pile them up.
  void drop_over() {
    Task last;
    while (over != 0 && deque.pop_last(last)) {
      if (!last.is_over()) {
        deque.push_before_looking(last);
        workers.call_for_task();
        return;
      }
      --over;
      last.drop();
    }
    over = 0;
  }

  std::size_t over = 0;  // at most so many tasks of the deque are over

 public:
  Thread thread;  // last: it begins when all else is there
};

Workers::Workers(Options options)
    : options_(std::move(options)),
      share_(options_.most == 1 ? 1 : 2 * options_.most),
      shared_(kSharedCapacity, options_.first_place),
      idle_(options_.most),
      workers_(new std::unique_ptr<Worker>[options_.most]) {
  if (options_.most == 0) throw ValueError("ThreadPool: there must be at least one worker");
  if (options_.on_demand) return;
  try {
    MutexLock hold(starting_);
    while (started() < options_.most) start_one();
  } catch (...) {
    close();
    join();
    throw;
  }
}

Workers::~Workers() {
  if (Worker::current_of(*this) != nullptr) {
    fprintf(stderr, "weft: a task destroys its own pool, which would wait for the task for ever\n");
    abort();
  }
  close();
  join();
}

void Workers::submit(Task task) {
  Worker* const worker = Worker::current_of(*this);
  if (worker == nullptr) {
    submit_from_outside(task);
  } else {
    if (closed()) refuse();
    worker->deque.push_before_looking(task);
  }
  call_for_task();
}

void Workers::submit_from_outside(Task task) {
  if (options_.on_demand && started() == 0 && !closed()) {
    MutexLock hold(starting_);
    if (started() == 0) start_one();
  }
  MutexLock hold(pushing_);
  if (closed()) refuse();
  shared_.push(task);
}

void Workers::call_for_task() {
  if (!idle_.nobody_searches()) {
    if (placement_.call_pending()) see_to_call();
    return;
  }
  if (idle_.somebody_sleeps()) {
    call_one();
  } else if (started() < options_.most) {
    start_if_none_is_idle();
  }
}

void Workers::see_to_call() {
  // A worker does so between tasks.
  if (Worker::current_of(*this) == nullptr) placement_.see_to_call();
}

void Workers::call_one() {
  Placement::Call call(placement_, Worker::current_of(*this) != nullptr);
  idle_.call_one(&call);
}

void Workers::start_if_none_is_idle() {
  MutexLock hold(starting_);
  if (started() == options_.most || !idle_.nobody_searches() || idle_.somebody_sleeps()) return;
  try {
    start_one();
  } catch (const std::system_error&) {
    // Those that are there do the work.
  }
}

void Workers::start_one() {
  const std::size_t number = started();
  workers_[number] = std::make_unique<Worker>(*this, number);
  idle_.join();
  try {
    workers_[number]->thread.start();
  } catch (...) {
    workers_[number].reset();
    idle_.leave();
    throw;
  }
  started_.store(number + 1);
}

void Workers::refuse() const {
  if (broken_.load()) {
    throw BrokenThreadPool("ThreadPool::submit: the initializer of a worker failed");
  }
  throw RuntimeError("ThreadPool::submit: the pool is closed");
}

void Workers::close() {
  {
    MutexLock hold(pushing_);
    closed_.store(true);
  }
  idle_.begin_closing();
}

void Workers::drop_waiting() {
  Task task;
  while (shared_.take(task)) task.drop();
  for (std::size_t i = 0, count = started(); i < count; ++i) {
    while (workers_[i]->deque.take(task)) task.drop();
  }
}

void Workers::terminate() {
  close();
  drop_waiting();
  stop_.request_stop();
}

void Workers::break_down() {
  {
    MutexLock hold(pushing_);
    broken_.store(true);
    closed_.store(true);
  }
  idle_.begin_closing();
  drop_waiting();
}

void Workers::join() {
  if (!closed()) throw ValueError("ThreadPool::join: close() the pool first");
  if (Worker::current_of(*this) != nullptr) {
    throw RuntimeError("ThreadPool::join: a worker cannot wait for its own end");
  }
  for (std::size_t i = 0; started_has(i); ++i) workers_[i]->thread.join();
}

bool Workers::started_has(std::size_t number) {
  // One that is being started by a worker with a smaller number counts.
  MutexLock hold(starting_);
  return number < started();
}

bool Workers::any_task() {
  {
    // Whoever pushes after this sees what the caller did before.
    MutexLock hold(pushing_);
    if (!shared_.seems_empty()) return true;
  }
  for (std::size_t i = 0, count = started(); i < count; ++i) {
    if (!workers_[i]->deque.seems_empty()) return true;
  }
  return false;
}

void Workers::run(Task task) {
  if (broken_.load()) return task.drop();
  try {
    task.run();
  } catch (...) {
    report_stray_exception("a task without a future");
  }
}

void Workers::work(Worker& worker) {
  {
    // Until this worker's deque is among those that others look at.
    MutexLock hold(starting_);
  }
  AwakeWorkers::add_one();
  if (options_.initializer) {
    try {
      options_.initializer();
    } catch (...) {
      report_stray_exception("the initializer of a pool");
      break_down();
    }
  }
  Task task;
  bool searching = true;
  for (;;) {
    if (!searching && next(worker, task)) {
      if (worker.taken % kLooksAfterCall == 0 && placement_.call_pending()) {
        placement_.see_to_call(worker.place, worker.shared.seen());
      }
      run(task);
      continue;
    }
    if (!searching) searching = idle_.begin_search();
    if (searching && search(worker, task)) {
      searching = false;
      if (idle_.end_search()) call_next();
      run(task);
      continue;
    }
    if (!rest(worker, searching)) break;
    searching = true;
  }
  // The pool is closed, so no task comes any more.
  while (next(worker, task) || steal(worker, task)) run(task);
  AwakeWorkers::remove_one();
}

void Workers::call_next() {
  if ((idle_.somebody_sleeps() || started() < options_.most) && any_task()) call_for_task();
}

bool Workers::next(Worker& worker, Task& task) {
  if (++worker.taken % kOthersFirst == 0 && worker.has_begun_all_shared() &&
      (take_shared(worker, task, 1) || steal(worker, task))) {
    return true;
  }
  return worker.deque.take(task) || take_shared(worker, task, kMostAtOnce);
}

void Workers::part_from_others(Worker& worker) {
  for (std::size_t i = 0, count = started(); i < count; ++i) {
    const Worker& other = *workers_[i];
    if (&other != &worker) placement_.part_from(worker.place, other.place);
  }
}

bool Workers::take_shared(Worker& worker, Task& task, std::size_t most) {
  Task tasks[kMostAtOnce];
  const std::size_t count = worker.shared.take(shared_, tasks, most, share_);
  if (count == 0) return false;
  if (placement_.moved_to_here(worker.place)) part_from_others(worker);
  task = tasks[0];
  if (count == 1) return true;
  // Its own deque is empty, so these keep their order, and whoever is free may have them.
  for (std::size_t i = 1; i + 1 < count; ++i) worker.deque.push(tasks[i]);
  worker.deque.push_before_looking(tasks[count - 1]);
  worker.end_of_shared = worker.deque.next_place();
  call_for_task();
  return true;
}

bool Workers::search(Worker& worker, Task& task) {
  return spin_for(worker.spin, [&] { return next(worker, task) || steal(worker, task); });
}

bool Workers::steal(const Worker& worker, Task& task) {
  for (std::size_t i = 0, count = started(); i < count; ++i) {
    Worker& other = *workers_[i];
    if (&other != &worker && other.deque.take(task)) return true;
  }
  return false;
}

bool Workers::rest(Worker& worker, bool was_searching) {
  if (idle_.finished()) return false;
  placement_.rests(worker.place);
  idle_.lie_down(worker.seat, was_searching);
  if (any_task()) {
    idle_.get_up(worker.seat);
    placement_.came(worker.place);  // it may have been called meanwhile
    return true;
  }
  AwakeWorkers::remove_one();
  {
    const SleepForBudget asleep(worker.spin);
    idle_.await_call(worker.seat);
  }
  placement_.came(worker.place);
  AwakeWorkers::add_one();
  return !idle_.finished();
}

}  // namespace weft::internal
