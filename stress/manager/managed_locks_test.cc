// The locks and meeting points of a manager, within a process and between several.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "primitives/base/errors.h"
#include "primitives/manager/manager.h"
#include "primitives/process/process.h"
#include "stress/manager/manager_for_test.h"

namespace weft::ipc {
namespace {

using std::chrono::milliseconds;

TEST_F(ManagerTest, LetsALockBeHeldByOne) {
  const auto lock = manager.lock();
  EXPECT_THROW(lock.release(), RuntimeError);
  lock.acquire();
  EXPECT_TRUE(lock.locked());
  EXPECT_FALSE(lock.try_acquire());
  EXPECT_FALSE(lock.acquire_for(milliseconds(5)));
  EXPECT_FALSE(lock.recover());
  in_processes(1, [&](int) {
    if (lock.try_acquire()) throw std::runtime_error("taken twice");
    lock.release();  // anybody may
  });
  EXPECT_TRUE(lock.try_acquire());
  lock.release();
}

TEST_F(ManagerTest, KnowsTheHolderOfAnRLock) {
  const auto lock = manager.rlock();
  EXPECT_THROW(lock.release(), RuntimeError);
  lock.acquire();
  lock.acquire();
  lock.release();
  const auto refused = [&] {
    if (lock.try_acquire()) throw std::runtime_error("taken by two");
    try {
      lock.release();
    } catch (const RuntimeError&) {
      return;
    }
    throw std::runtime_error("released by a stranger");
  };
  in_processes(1, [&](int) { refused(); });
  std::thread([&] { EXPECT_NO_THROW(refused()); }).join();
  lock.release();
  in_processes(1, [&](int) {
    if (!lock.try_acquire()) throw std::runtime_error("not free");
    lock.release();
  });
}

TEST_F(ManagerTest, CountsPermits) {
  const auto semaphore = manager.bounded_semaphore(2);
  semaphore.acquire();
  EXPECT_TRUE(semaphore.try_acquire());
  EXPECT_FALSE(semaphore.try_acquire());
  EXPECT_FALSE(semaphore.acquire_for(milliseconds(5)));
  semaphore.release(2);
  EXPECT_EQ(semaphore.value(), 2U);
  EXPECT_THROW(semaphore.release(), ValueError);
  const auto free = manager.semaphore(0);
  Process child([&] { free.release(3); });
  child.start();
  for (int i = 0; i < 3; ++i) free.acquire();
  child.join();
  EXPECT_EQ(free.value(), 0U);
}

TEST_F(ManagerTest, LetsAllPassAnEvent) {
  const auto event = manager.event();
  const auto passed = manager.value(0);
  EXPECT_FALSE(event.wait_for(milliseconds(5)));
  std::deque<Process> waiters;
  for (int i = 0; i < 3; ++i) {
    waiters
        .emplace_back([&] {
          event.wait();
          passed.update([](int& n) { ++n; });
        })
        .start();
  }
  EXPECT_EQ(passed.get(), 0);
  event.set();
  for (Process& waiter : waiters) waiter.join();
  EXPECT_EQ(passed.get(), 3);
  EXPECT_TRUE(event.is_set());
  event.clear();
  EXPECT_FALSE(event.is_set());
}

TEST_F(ManagerTest, WakesAsManyAsAreNotified) {
  const auto condition = manager.condition();
  const auto turns = manager.value(0);
  const auto done = manager.value(0);
  EXPECT_THROW(condition.notify(), RuntimeError);
  EXPECT_THROW(condition.wait(), RuntimeError);
  std::deque<Process> waiters;
  for (int i = 0; i < 3; ++i) {
    waiters
        .emplace_back([&] {
          const std::lock_guard hold(condition);
          condition.wait([&] { return turns.get() > 0; });
          turns.set(turns.get() - 1);
          done.set(done.get() + 1);
        })
        .start();
  }
  for (int i = 0; i < 3; ++i) {
    const std::lock_guard hold(condition);
    turns.set(turns.get() + 1);
    condition.notify();
  }
  for (Process& waiter : waiters) waiter.join();
  EXPECT_EQ(done.get(), 3);
  EXPECT_EQ(turns.get(), 0);
  const std::lock_guard hold(condition);
  condition.acquire();  // the wait gives up both
  EXPECT_FALSE(condition.wait_for(milliseconds(5)));
  condition.release();
}

TEST_F(ManagerTest, WakesAllWhoWaitByOneNotification) {
  const auto condition = manager.condition();
  const auto waiting = manager.value(0);
  const auto is_time = manager.value(false);
  std::deque<Process> waiters;
  for (int i = 0; i < 3; ++i) {
    waiters
        .emplace_back([&] {
          const std::lock_guard hold(condition);
          waiting.set(waiting.get() + 1);
          while (!is_time.get()) {
            if (!condition.wait_for(std::chrono::seconds(10)))
              throw std::runtime_error("not woken");
          }
        })
        .start();
  }
  await([&] {
    const std::lock_guard hold(condition);
    if (waiting.get() < 3) return false;  // who was counted waits, or the lock would be held
    is_time.set(true);
    condition.notify_all();
    return true;
  });
  for (Process& waiter : waiters) {
    waiter.join();
    EXPECT_EQ(waiter.exitcode(), 0);
  }
}

TEST_F(ManagerTest, LetsAScopeHoldTwoLocksInAnyOrder) {
  const auto lock = manager.lock();
  const auto rlock = manager.rlock();
  const auto sum = manager.value(0);
  in_processes(3, [&](int who) {
    for (int i = 0; i < 300; ++i) {
      if (who % 2 == 0) {
        const std::scoped_lock hold(lock, rlock);
        sum.set(sum.get() + 1);
      } else {
        const std::scoped_lock hold(rlock, lock);
        sum.set(sum.get() + 1);
      }
    }
  });
  EXPECT_EQ(sum.get(), 900);
  EXPECT_FALSE(lock.locked());
  EXPECT_FALSE(rlock.locked());
}

TEST_F(ManagerTest, LetsABarriersPartiesMeet) {
  const auto barrier = manager.barrier(3);
  const auto places = manager.list<std::uint64_t>();
  in_processes(3, [&](int) {
    for (int round = 0; round < 5; ++round) places.append(barrier.wait());
  });
  auto all = places.all();
  std::ranges::sort(all);
  EXPECT_EQ(all.size(), 15U);
  for (std::uint64_t place = 0; place < 3; ++place) EXPECT_EQ(std::ranges::count(all, place), 5);
  EXPECT_THROW((void)barrier.wait_for(milliseconds(5)), BrokenBarrierError);
  EXPECT_TRUE(barrier.broken());
  EXPECT_THROW((void)barrier.wait(), BrokenBarrierError);
  barrier.reset();
  EXPECT_FALSE(barrier.broken());
  EXPECT_EQ(barrier.n_waiting(), 0U);
  barrier.abort();
  EXPECT_TRUE(barrier.broken());
  EXPECT_THROW((void)manager.barrier(0), ValueError);
}

}  // namespace
}  // namespace weft::ipc
