// ProcessWorkers: the processes of a pool and the tasks that wait for them, below the vocabularies
// of Pool and ProcessPoolExecutor.
//
//   submit() -> waiting -> a worker's stream -> the worker calls -> its results -> the collector
//
// A task waits here until a worker has room. To each worker some are written ahead, as many as it
// does in kAhead; a worker that has nothing left gets what another has not begun (slot.h). So no
// task waits behind one that runs while a worker is idle. The collector is a thread of this
// process: it reads results, sets outcomes, calls callbacks, and sees which worker has died.
//
// What a dead worker had begun fails with WorkerDiedError, or is tried again (Options::retries);
// what it had not begun goes to others. Then either the pool is broken, or another worker takes its
// place (Options::heals).
//
// A caller that waits for the only call of a worker looks for its result itself (watch.h).
//
// Thread safety: every function from any thread of the process that made it; submit() throws
// RuntimeError in a child of that.
// Memory ordering: as between processes: what is in a task's arguments and results, and what is in
// shared memory.
// Invariants:
//   (I1) A task that submit() took ends exactly once: with a result, a failure, or cancelled.
//   (I2) A task is called once, but for one whose worker died: that at most Options::retries times
//        more.
//   (I3) While a worker lives and has nothing to do, no task waits, here or written ahead, but for
//        the moment that it takes the collector to see so.
//   (I4) After join() no worker and no nursery is left.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "primitives/base/mutex.h"
#include "primitives/process_pool/bell.h"
#include "primitives/process_pool/desk.h"
#include "primitives/process_pool/known_code.h"
#include "primitives/process_pool/nursery.h"
#include "primitives/process_pool/remote_task.h"
#include "primitives/process_pool/watch.h"
#include "primitives/threading/event.h"

namespace weft::internal {

class ProcessWorkers final : private Watch::Pool {
 public:
  struct Options {
    std::size_t workers = 0;                 // 0: processors_of_this_thread()
    std::function<void()> initializer = {};  // called in each worker first
    std::size_t most_tasks = 0;  // a worker's, before another takes its place; 0: no end
    bool heals = true;
    unsigned retries = 0;
    std::optional<std::chrono::nanoseconds> time_limit = {};  // of a task
    std::string name = "pool";
  };
  using TaskPointer = std::unique_ptr<RemoteTask>;

  // Throws StartError.
  explicit ProcessWorkers(Options options);
  // close() and join(), in the process that made it.
  ~ProcessWorkers();
  ProcessWorkers(const ProcessWorkers&) = delete;
  ProcessWorkers& operator=(const ProcessWorkers&) = delete;

  // Throws RuntimeError if it is closed, BrokenProcessPool, ValueError for code that the workers do
  // not have.
  void submit(TaskPointer task);
  void submit_all(std::vector<TaskPointer> tasks);
  void close();
  // close(), cancels what has not ended, and kills the workers.
  void terminate();
  // Cancels what no worker has begun.
  void cancel_waiting();
  bool closed() const;
  // Throws ValueError before close(), and RuntimeError in a callback.
  void join();

  std::size_t workers() const { return places_.size(); }
  // Those that live, in the order of their places, as far as the collector has heard: a worker may
  // do tasks before it is listed.
  std::vector<pid_t> pids() const;

 private:
  struct Given {
    std::uint64_t number;
    TaskPointer task;  // null once it was taken back
  };
  // A worker as the pool sees it; guarded by mutex_, but for what says something else.
  struct Place {
    Place(Watch::Pool& pool, std::size_t index, Bell& pools)
        : index(index), desk(pools), watch(std::make_shared<Watch>(pool, index)) {}

    const std::size_t index;
    Desk desk;
    const std::shared_ptr<Watch> watch;
    std::optional<StreamWriter> tasks{desk.slot->tasks};
    std::optional<StreamReader> results{desk.slot->results};  // guarded by watch->reading
    std::uint64_t life = 0;                                   // changed under both
    std::deque<Given> given;                                  // in the order of their numbers
    std::span<const std::byte> rest;  // of the last one's arguments, not written yet
    std::uint64_t next_number = 0;
    std::size_t live = 0;   // of given, those that were not taken back
    std::size_t ahead = 2;  // how many it is given at most
    std::size_t done = 0;   // in this life
    std::chrono::steady_clock::time_point looked_at = {};
    bool present = false;   // a worker was asked for, and has not ended
    pid_t pid = 0;          // 0: it has not begun yet
    bool retiring = false;  // it was told to end
    bool overdue = false;   // it is killed, because its task took too long
    // A result of which a part has come; guarded by watch->reading.
    std::optional<ResultHeader> incoming;
    Bytes incoming_bytes;
  };
  struct Ended {
    std::uint64_t number;
    TaskPointer task;
    std::size_t begin, size;  // of its bytes in what was read
    ResultHeader::Kind kind;
  };
  // What a caller has found.
  struct Taken {
    bool mine = false;
    bool leaves_some = false;  // to do for the collector
  };
  using Endings = std::vector<std::pair<TaskPointer, std::exception_ptr>>;

  void require_maker() const;
  void require_open(const RemoteTask& task) const WEFT_REQUIRES(mutex_);
  // 0, or the errno with which it is not started.
  int start(Place& place) WEFT_REQUIRES(mutex_);
  // The bell of the worker that has something new to read; null if all have enough.
  Bell* enqueue(TaskPointer task) WEFT_REQUIRES(mutex_);
  Place* roomiest() WEFT_REQUIRES(mutex_);
  // Gives waiting tasks to a worker until it has enough. True if it has something new to read.
  bool give(Place& place) WEFT_REQUIRES(mutex_);
  bool write_tasks(Place& place) WEFT_REQUIRES(mutex_);
  // For a worker that has nothing to do: what others were given and have not begun.
  void take_back(const Place& idle) WEFT_REQUIRES(mutex_);
  std::size_t take_back_from(Place& place, std::size_t most) WEFT_REQUIRES(mutex_);
  // Tells a worker to end once it has done what it was given.
  void retire(Place& place) WEFT_REQUIRES(mutex_);
  TaskPointer take_given(Place& place, std::uint64_t number) WEFT_REQUIRES(mutex_);
  // What a dead worker had: one task may end by it, the others wait again.
  void take_from_dead(Place& place, std::int32_t exit_code, Endings& endings) WEFT_REQUIRES(mutex_);

  // A caller's.
  bool look_for_result(Watch& watch, const Post& post, SpinBudget& budget) noexcept override
      WEFT_REQUIRES(watch.reading);
  Taken take_result(Place& place, std::uint64_t number);

  void collect();
  bool collect_results(Place& place);
  bool read_results(Place& place);
  void finish_results();
  bool read_record(Place& place);
  // True if there is something else to do, for the collector.
  bool hand_over(Place& place, std::span<Ended> ended);
  void finish(Ended& ended, std::span<const std::byte> results);
  bool feed();
  bool collect_events();
  void handle(const Nursery::Event& event);
  void bury(Place& place, std::int32_t exit_code);
  void break_down(const std::string& why);
  bool everything_has_ended();
  void kill(const Place& place) { nursery_->kill(place.index); }
  // Kills those whose task has taken too long. Returns for poll() the milliseconds until it has to
  // look again; -1 if no task has a limit.
  int kill_overdue();
  // Everything that has not ended; nobody has it any more.
  std::vector<TaskPointer> take_all() WEFT_REQUIRES(mutex_);
  void wait_for_news();
  void do_leftovers();
  void cancel_all();

  const Options options_;
  const unsigned generation_;
  const KnownCode code_;
  SharedObject<Bell::Word> collector_sleeps_ = SharedObject<Bell::Word>::make();
  Bell bell_{*collector_sleeps_};
  std::vector<std::unique_ptr<Place>> places_;
  std::optional<Nursery> nursery_;

  mutable Mutex mutex_;
  std::deque<TaskPointer> waiting_ WEFT_GUARDED_BY(mutex_);
  bool closed_ WEFT_GUARDED_BY(mutex_) = false;
  unsigned idle_deaths_ WEFT_GUARDED_BY(mutex_) = 0;  // in a row, without a result in between
  std::string broken_ WEFT_GUARDED_BY(mutex_);        // why; empty if it is not
  // Left to the collector: to be destroyed, and to be published.
  std::vector<TaskPointer> cancelled_ WEFT_GUARDED_BY(mutex_);
  std::vector<TaskPointer> unpublished_ WEFT_GUARDED_BY(mutex_);
  std::atomic<bool> leftovers_{false};  // there are some; written under mutex_
  std::atomic<bool> terminated_{false};

  // The collector's.
  Bytes results_;
  std::vector<Ended> ended_;
  Event finished_;
  std::thread collector_;
};

}  // namespace weft::internal
