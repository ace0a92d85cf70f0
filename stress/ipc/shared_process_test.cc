// What processes share, among processes: an effect in one is seen in the other; the rest of the
// contract is the threads' tests'. And what is promised when one is killed.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <memory>
#include <mutex>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/ipc/array.h"
#include "primitives/ipc/barrier.h"
#include "primitives/ipc/bounded_semaphore.h"
#include "primitives/ipc/condition.h"
#include "primitives/ipc/event.h"
#include "primitives/ipc/rlock.h"
#include "primitives/ipc/semaphore.h"
#include "primitives/ipc/value.h"
#include "stress/ipc/child.h"

namespace weft::ipc {
namespace {

using testing_ipc::Child;
using testing_ipc::comes_true;
using testing_ipc::seconds_of;
using namespace std::chrono_literals;

constexpr double kSoon = 1.0;  // seconds; the bound is 50 ms, and the machine is shared

using Children = std::vector<std::unique_ptr<Child>>;

template <class F>
void add(Children& children, int count, const F& function) {
  for (int i = 0; i < count; ++i) children.push_back(std::make_unique<Child>(function));
}
void expect_well(Children& children) {
  for (auto& child : children) EXPECT_EQ(child->wait(), 0);
}

TEST(SharedBetweenProcesses, RLockExcludesAndIsNotInherited) {
  RLock lock;
  RawValue<int> count;
  lock.acquire();
  Children children;
  add(children, 2, [&] {
    if (lock.owned()) return 1;
    try {
      lock.release();
      return 2;
    } catch (const RuntimeError&) {
    }
    for (int i = 0; i < 5000; ++i) {
      std::scoped_lock outer(lock);
      std::scoped_lock inner(lock);
      ++count.reference();
    }
    return 0;
  });
  EXPECT_EQ(count.reference(), 0) << "the parent still holds it";
  lock.release();
  expect_well(children);
  EXPECT_EQ(count.reference(), 10'000);
}

TEST(SharedBetweenProcesses, SemaphoreLetsInAsManyAsItHasPermits) {
  Semaphore semaphore(2);
  RawValue<int> inside;
  RawValue<int> most;
  Children children;
  add(children, 4, [&] {
    for (int i = 0; i < 3000; ++i) {
      std::scoped_lock hold(semaphore);
      const int now = inside.fetch_add(1) + 1;
      for (int seen = most.load(); seen < now && !most.compare_exchange(seen, now);) {
      }
      inside.fetch_sub(1);
    }
    return 0;
  });
  expect_well(children);
  EXPECT_LE(most.load(), 2);
  EXPECT_EQ(semaphore.value(), 2);
}

TEST(SharedBetweenProcesses, BoundedSemaphoreTellsOfAKilledHolder) {
  BoundedSemaphore semaphore(2);
  Event held;
  Child holder([&] {
    semaphore.acquire();
    semaphore.acquire();
    held.set();
    for (;;) ::pause();
    return 0;
  });
  held.wait();
  Children waiters;
  add(waiters, 2, [&] {
    for (;;) {
      try {
        semaphore.acquire();
        semaphore.release();
        return 0;
      } catch (const OwnerDiedError&) {
        (void)semaphore.recover();
      }
    }
  });
  holder.kill();
  EXPECT_LT(seconds_of([&] { expect_well(waiters); }), kSoon);
  EXPECT_EQ(semaphore.value(), 2);
}

TEST(SharedBetweenProcesses, EventFreesAllWhoWait) {
  for (int round = 0; round < 20; ++round) {
    Event event;
    Semaphore ready(0);
    Children children;
    add(children, 3, [&] {
      ready.release();
      return event.wait_for(10s) ? 0 : 1;
    });
    for (int i = 0; i < 3; ++i) ready.acquire();
    event.set();
    expect_well(children);
  }
}

TEST(SharedBetweenProcesses, ConditionWakesForWhatHasChanged) {
  RLock lock;
  Condition condition(lock);
  Value<int> turn(lock, 0);
  constexpr int kProcesses = 3;
  Children children;
  for (int mine = 0; mine < kProcesses; ++mine) {
    add(children, 1, [&, mine] {
      for (int i = 0; i < 300; ++i) {
        std::scoped_lock hold(condition);
        condition.wait([&] { return turn.get() % kProcesses == mine; });
        (void)turn.fetch_add(1);
        condition.notify_all();
      }
      return 0;
    });
  }
  expect_well(children);
  EXPECT_EQ(turn.get(), 900);
}

// The first in the line is notified, but stopped before it can take the lock, and killed.
TEST(SharedBetweenProcesses, ANotificationIsNotLostWithTheProcessThatGotIt) {
  for (int round = 0; round < 10; ++round) {
    Condition condition;
    RawValue<int> waiting;
    const auto wait = [&] {
      std::scoped_lock hold(condition);
      waiting.fetch_add(1);
      condition.wait();
      return 0;
    };
    Child first(wait);
    ASSERT_TRUE(comes_true([&] { return waiting.load() == 1; }));
    Child second(wait);
    ASSERT_TRUE(comes_true([&] { return waiting.load() == 2; }));
    condition.acquire();  // both are in the line by now
    ASSERT_EQ(::kill(first.pid(), SIGSTOP), 0);
    condition.notify();
    condition.release();
    EXPECT_LT(seconds_of([&] {
                first.kill();
                EXPECT_EQ(second.wait(), 0);
              }),
              kSoon);
  }
}

TEST(SharedBetweenProcesses, ANotificationPassesByTheDead) {
  Condition condition;
  RawValue<int> waiting;
  const auto wait = [&] {
    std::scoped_lock hold(condition);
    waiting.fetch_add(1);
    condition.wait();
    return 0;
  };
  Child first(wait);
  ASSERT_TRUE(comes_true([&] { return waiting.load() == 1; }));
  Child second(wait);
  ASSERT_TRUE(comes_true([&] { return waiting.load() == 2; }));
  condition.acquire();
  first.kill_and_leave();
  condition.notify();
  condition.release();
  EXPECT_LT(seconds_of([&] { EXPECT_EQ(second.wait(), 0); }), kSoon);
}

TEST(SharedBetweenProcesses, WaitersOfAConditionAreToldOfAKilledHolder) {
  Condition condition;
  RawValue<int> waiting;
  Child waiter([&] {
    try {
      condition.acquire();
      waiting.fetch_add(1);
      condition.wait();
      return 1;
    } catch (const OwnerDiedError&) {
      return condition.recover() ? 0 : 2;
    }
  });
  ASSERT_TRUE(comes_true([&] { return waiting.load() == 1; }));
  Child holder([&] {
    condition.acquire();
    condition.notify();
    ::raise(SIGKILL);
    return 0;
  });
  EXPECT_EQ(holder.wait(), -SIGKILL);
  EXPECT_LT(seconds_of([&] { EXPECT_EQ(waiter.wait(), 0); }), kSoon);
}

TEST(SharedBetweenProcesses, BarrierRoundsDoNotMix) {
  constexpr int kParties = 3;
  constexpr int kRounds = 200;
  RawArray<int> sums(kRounds);
  RawValue<int> rounds;
  Barrier barrier(kParties, [&] { ++rounds.reference(); });
  Children children;
  add(children, kParties, [&] {
    for (int i = 0; i < kRounds; ++i) {
      sums.atomic(static_cast<std::size_t>(i)) += static_cast<int>(barrier.wait());
      if (rounds.load() < i + 1) return 1;
    }
    return 0;
  });
  expect_well(children);
  EXPECT_EQ(rounds.load(), kRounds);
  for (const int sum : sums.span()) EXPECT_EQ(sum, 0 + 1 + 2);
}

TEST(SharedBetweenProcesses, APartyThatIsKilledInsideBreaksTheBarrier) {
  Barrier barrier(3);
  const auto wait = [&] {
    try {
      (void)barrier.wait();
      return 1;
    } catch (const BrokenBarrierError&) {
      return 0;
    }
  };
  Child survivor(wait);
  Child killed(wait);
  ASSERT_TRUE(comes_true([&] { return barrier.n_waiting() == 2; }));
  killed.kill();
  EXPECT_LT(seconds_of([&] { EXPECT_EQ(survivor.wait(), 0); }), kSoon);
  EXPECT_TRUE(barrier.broken());
  EXPECT_EQ(killed.wait(), -SIGKILL);
  barrier.reset();
  Children children;
  add(children, 3, [&] {
    (void)barrier.wait();
    return 0;
  });
  expect_well(children);
}

TEST(SharedBetweenProcesses, APartyThatIsKilledInTheActionBreaksTheBarrier) {
  Barrier barrier(2, [] { ::raise(SIGKILL); });
  Barrier same = barrier;
  Child survivor([&] {
    try {
      (void)same.wait();
      return 1;
    } catch (const BrokenBarrierError&) {
      return 0;
    }
  });
  ASSERT_TRUE(comes_true([&] { return barrier.n_waiting() == 1; }));
  Child last([&] { return static_cast<int>(barrier.wait()); });
  EXPECT_EQ(last.wait(), -SIGKILL);
  EXPECT_LT(seconds_of([&] { EXPECT_EQ(survivor.wait(), 0); }), kSoon);
}

TEST(SharedBetweenProcesses, ValuesAndArraysAreSeenByAll) {
  Value<int> value(5);
  Array<int> array(3);
  int copied = 5;
  Child child([&] {
    value.set(7);
    array.set(2, 9);
    copied = 7;
    return 0;
  });
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(value.get(), 7);
  EXPECT_EQ(array.copy(), (std::vector<int>{0, 0, 9}));
  EXPECT_EQ(copied, 5) << "everything else is the child's own";
}

// SH5.
TEST(SharedBetweenProcesses, NoIncrementIsLost) {
  constexpr int kRounds = 1'000'000;
  Value<int> locked;
  RawValue<int> atomic;
  Children children;
  add(children, 2, [&] {
    for (int i = 0; i < kRounds; ++i) {
      (void)locked.fetch_add(1);
      (void)atomic.fetch_add(1);
    }
    return 0;
  });
  expect_well(children);
  EXPECT_EQ(locked.get(), 2 * kRounds);
  EXPECT_EQ(atomic.load(), 2 * kRounds);
}

}  // namespace
}  // namespace weft::ipc
