#include <mutex>
#include <string>

#include "benchmarks/tour/checks.h"
#include "primitives/annotate.h"
#include "primitives/threading/condition.h"
#include "primitives/threading/lock.h"
#include "primitives/threading/rlock.h"
#include "primitives/threading/semaphore.h"
#include "primitives/threading/shared_counter.h"

namespace weft::tour {
namespace {

constexpr int kTurns = 20;

// Each thread takes the lock `kTurns` times, and reads and writes a number that nothing else
// guards.
template <class Lockable>
void nothing_is_lost(Run& run, Lockable& lock) {
  constexpr int kThreads = 3;
  long sum = 0;
  for (int i = 0; i < kThreads; ++i) {
    run.thread([&] {
      for (int turn = 0; turn < kTurns; ++turn) {
        std::scoped_lock hold(lock);
        const long before = sum;
        annotate::point("between read and write");
        sum = before + 1;
      }
    });
  }
  run.join();
  run.require(sum == kThreads * kTurns, "increments were lost: " + std::to_string(sum));
}

void lock_excludes(Run& run) {
  Lock lock;
  nothing_is_lost(run, lock);
  run.require(!lock.locked(), "the lock is held after the last release");
}

void rlock_counts(Run& run) {
  RLock lock;
  long sum = 0;
  for (int i = 0; i < 2; ++i) {
    run.thread([&] {
      for (int turn = 0; turn < kTurns; ++turn) {
        std::scoped_lock outer(lock);
        const long before = sum;
        {
          std::scoped_lock inner(lock);
        }
        annotate::point("after the inner release");
        sum = before + 1;
      }
    });
  }
  run.join();
  run.require(sum == 2 * kTurns, "the inner release let the other thread in");
}

// Permits are counted by the threads inside, whose number must never pass that of the permits.
void semaphore_limits(Run& run) {
  constexpr int kPermits = 2;
  BoundedSemaphore semaphore(kPermits);
  Lock lock;
  int inside = 0;
  int most = 0;
  for (int i = 0; i < 4; ++i) {
    run.thread([&] {
      for (int turn = 0; turn < kTurns / 2; ++turn) {
        const auto permit = semaphore.acquire_permit();
        {
          std::scoped_lock hold(lock);
          most = std::max(most, ++inside);
        }
        annotate::point("inside");
        std::scoped_lock hold(lock);
        --inside;
      }
    });
  }
  run.join();
  run.require(most <= kPermits, std::to_string(most) + " threads were inside at once");
  run.require(semaphore.value() == kPermits, "permits were lost or made");
}

// As many notifications as waiters, each of which needs one: a lost one is a hang.
void condition_reaches_all(Run& run) {
  constexpr int kWaiters = 3;
  Lock lock;
  Condition changed(lock);
  int tokens = 0;
  int taken = 0;
  for (int i = 0; i < kWaiters; ++i) {
    run.thread("waiter " + std::to_string(i), [&] {
      std::scoped_lock hold(lock);
      while (tokens == 0) changed.wait();
      --tokens;
      ++taken;
    });
  }
  run.thread("notifier", [&] {
    for (int i = 0; i < kWaiters; ++i) {
      std::scoped_lock hold(lock);
      ++tokens;
      changed.notify_one();
    }
  });
  run.join();
  run.require(taken == kWaiters && tokens == 0, "a token was taken twice or never");
}

void counter_counts(Run& run) {
  SharedCounter counter(5);
  run.thread([&] {
    for (int turn = 0; turn < kTurns; ++turn) counter.incr(2);
  });
  run.thread([&] {
    for (int turn = 0; turn < kTurns; ++turn) counter.decr();
  });
  run.thread([&] {
    for (int turn = 0; turn < kTurns; ++turn) counter.incr();
  });
  run.join();
  run.require(counter.value() == 5 + 2 * kTurns,
              "the counter says " + std::to_string(counter.value()));
}

}  // namespace

std::vector<Check> lock_checks() {
  return {
      {"Lock", "one thread at a time is inside, and no increment is lost", lock_excludes},
      {"RLock", "the inner of two releases lets nobody in", rlock_counts},
      {"BoundedSemaphore", "no more threads are inside than there are permits", semaphore_limits},
      {"Condition", "each notification wakes a thread that waits", condition_reaches_all},
      {"SharedCounter", "it counts every increment and decrement", counter_counts},
  };
}

}  // namespace weft::tour
