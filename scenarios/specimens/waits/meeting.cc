// Meeting points used again too soon, and tokens that outlive what they stand for: a barrier
// without generations (osv issue 857), the token of an idle worker that ends (CPython, PR 140900),
// the waiter that is cancelled with the permit in its hand (anyio issue 1145), a queue that gives
// the token before the item (Folly, commit e20b4e39).
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "primitives/base/deadline.h"
#include "primitives/base/futex.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/side_by_side.h"
#include "scenarios/specimens/waits/waits.h"

namespace weft::scenarios::specimens::waits {
namespace {

// The last one to arrive sets the count back. Who has not woken up by then, or not fallen asleep
// yet, waits for a full count that has come and gone.
template <bool kMended>
class CountingBarrier {
 public:
  explicit CountingBarrier(int parties) : parties_(parties) {}
  void wait() {
    std::unique_lock hold(lock_);
    const int generation = generation_;
    if (++arrived_ == parties_) {
      if (kMended) arrived_ = 0;
      ++generation_;
      all_there_.notify_all();
      return;
    }
    if (kMended) {
      while (generation_ == generation) all_there_.wait(hold);
    } else {
      while (arrived_ % parties_ != 0) all_there_.wait(hold);
    }
  }

 private:
  const int parties_;
  std::mutex lock_;
  std::condition_variable all_there_;
  int arrived_ = 0;
  int generation_ = 0;
};

template <bool kMended>
std::string meet_twice() {
  CountingBarrier<kMended> barrier(2);
  const auto meet = [&] {
    barrier.wait();
    barrier.wait();
  };
  side_by_side(meet, meet);
  return "";
}

// A pool that starts a worker for a task unless one is idle. A worker ends after one task, and says
// before that it is idle.
template <bool kMended>
class Pool {
 public:
  ~Pool() {
    for (std::thread& worker : workers_) worker.join();
  }
  void submit() {
    std::scoped_lock hold(lock_);
    ++tasks_;
    came_.notify_one();
    if (idle_ > 0) {
      --idle_;
    } else {
      workers_.emplace_back([this] { work(); });
    }
  }
  void wait_for_results(int count) {
    std::unique_lock hold(lock_);
    while (results_ < count) done_.wait(hold);
  }

 private:
  void work() {
    {
      std::unique_lock hold(lock_);
      while (tasks_ == 0) came_.wait(hold);
      --tasks_;
      ++results_;
      done_.notify_all();
    }
    std::scoped_lock hold(lock_);
    if (!kMended) ++idle_;
  }

  std::mutex lock_;
  std::condition_variable came_, done_;
  int tasks_ = 0, results_ = 0, idle_ = 0;
  std::vector<std::thread> workers_;
};

template <bool kMended>
std::string two_tasks() {
  Pool<kMended> pool;
  pool.submit();
  pool.wait_for_results(1);
  pool.submit();
  pool.wait_for_results(2);
  return "";
}

// release() hands its permit to the waiter. When that was cancelled in the meantime it leaves, and
// the permit with it.
template <bool kMended>
std::string cancelled() {
  std::mutex lock;
  std::condition_variable changed;
  int permits = 0;
  bool waits = false, handed = false, cancelled = false, acquired = false;
  const auto release = [&] {
    if (std::exchange(waits, false)) {
      handed = true;
      changed.notify_all();
    } else {
      ++permits;
    }
  };
  side_by_side(
      [&] {
        std::unique_lock hold(lock);
        if (permits > 0) {
          --permits;
          acquired = true;
          return;
        }
        waits = true;
        while (!handed && !cancelled) changed.wait(hold);
        waits = false;
        acquired = handed && !cancelled;
        if (kMended && handed && cancelled) release();
      },
      [&] {
        std::scoped_lock hold(lock);
        release();
      },
      [&] {
        std::scoped_lock hold(lock);
        cancelled = true;
        changed.notify_all();
      });
  return unless_equal("number of permits", permits + acquired, 1);
}

// A queue with a semaphore before it: who has a token finds an item, if the item comes first.
template <bool kMended>
std::string token_first() {
  futex::Word tokens{0};
  std::atomic<int> item{0};
  bool found = true;
  side_by_side(
      [&] {
        if (kMended) item = 1;
        tokens.store(1);
        futex::wake_one(tokens);
        item = 1;
      },
      [&] {
        while (tokens.load() == 0) futex::wait(tokens, 0, Deadline::never());
        found = item.load() == 1;
      });
  return unless(found, "there is a token and no item");
}

}  // namespace

constinit const Classic kBarrierWithoutGeneration{
    .name = "waits/barrier_without_generation",
    .family = "barrier",
    .mistake = "who wakes up late sees the count of the next round",
    .kind = kind::kDeadlock,
    .says = "waits for condition",
    .preemptions = 0,
    .body = meet_twice<false>,
    .mended = meet_twice<true>,
};

constinit const Classic kIdleTokenOutlivesWorker{
    .name = "waits/idle_token_outlives_worker",
    .family = "pool",
    .mistake = "a worker says that it is idle and ends, so nobody is started for the next task",
    .kind = kind::kDeadlock,
    .says = "waits for condition",
    .preemptions = 0,
    .body = two_tasks<false>,
    .mended = two_tasks<true>,
};

constinit const Classic kCancelledWithPermit{
    .name = "waits/cancelled_with_permit",
    .family = "semaphore",
    .mistake = "a waiter that was handed a permit and cancelled leaves with the permit",
    .kind = kind::kAssertion,
    .preemptions = 0,
    .body = cancelled<false>,
    .mended = cancelled<true>,
};

constinit const Classic kTokenBeforeItem{
    .name = "waits/token_before_item",
    .family = "semaphore",
    .mistake = "the token that promises an item is given before the item is there",
    .kind = kind::kAssertion,
    .preemptions = 1,
    .body = token_first<false>,
    .mended = token_first<true>,
};

}  // namespace weft::scenarios::specimens::waits
