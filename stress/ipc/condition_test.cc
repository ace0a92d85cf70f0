// ipc::Condition among the threads of one process.
#include "primitives/ipc/condition.h"

#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <thread>

#include "primitives/base/errors.h"
#include "stress/check.h"
#include "stress/ipc/dying.h"
#include "stress/threading/support.h"

namespace weft::ipc {
namespace {

using testing_ipc::if_threads_die;
using testing_threads::acquire_when;
using testing_threads::message_of;
using namespace std::chrono_literals;

TEST(IpcCondition, WaitAndNotifyNeedTheLock) {
  Condition condition;
  EXPECT_EQ(message_of<RuntimeError>([&] { condition.wait(); }),
            "Condition::wait: the condition's lock is not held");
  EXPECT_EQ(message_of<RuntimeError>([&] { condition.notify(); }),
            "Condition::notify: the condition's lock is not held");
  EXPECT_THROW(condition.notify_all(), RuntimeError);
  condition.acquire();
  condition.notify();  // nobody waits, nothing happens
  EXPECT_FALSE(condition.wait_for(0s));
  EXPECT_FALSE(condition.wait_for(-1s));
  EXPECT_FALSE(condition.wait_for(1ms));
  EXPECT_FALSE(condition.wait_until(std::chrono::system_clock::now() + 1ms));
  EXPECT_FALSE(condition.wait_until(std::chrono::steady_clock::now() - 1h));
  condition.release();
  EXPECT_EQ(condition.wait_for(0s, [] { return 7; }), 7) << "a true predicate needs no lock";
}

TEST(IpcCondition, IsNotifiedInTime) {
  Condition condition;
  int waiting = 0;
  std::thread other([&] {
    acquire_when(condition, waiting, 1);
    condition.notify();
    condition.release();
  });
  {
    const std::scoped_lock hold(condition);
    waiting = 1;
    EXPECT_TRUE(condition.wait_until(std::chrono::system_clock::now() + 1h));
  }
  other.join();
}

TEST(IpcCondition, GivesUpAllLevelsOfItsLock) {
  RLock lock;
  Condition condition(lock);
  condition.acquire();
  condition.acquire();
  int waiting = 1;
  std::thread other([&] {
    acquire_when(lock, waiting, 1);
    condition.notify();
    lock.release();
  });
  condition.wait();
  EXPECT_EQ(lock.recursion_count(), 2U);
  condition.release();
  condition.release();
  other.join();
}

TEST(IpcCondition, WorksOnALockOfTheCallers) {
  check([](weft::Run& run) {
    Lock lock;
    Condition full(lock);
    Condition empty(lock);
    int items = 0;  // the lock alone guards it
    run.thread([&] {
      for (int i = 0; i < 3; ++i) {
        std::scoped_lock hold(lock);
        empty.wait([&] { return items == 0; });
        ++items;
        full.notify();
      }
    });
    run.thread([&] {
      for (int i = 0; i < 3; ++i) {
        std::scoped_lock hold(lock);
        full.wait([&] { return items == 1; });
        --items;
        empty.notify();
      }
    });
    run.join();
    run.require(items == 0, "each item was taken");
  });
}

TEST(IpcCondition, ANotificationAtTheLastMomentIsTakenOrLeftToAnother) {
  check([](weft::Run& run) {
    Condition condition;
    int waiting = 0;
    int woken = 0;  // the condition's lock guards both
    run.thread([&] {
      std::scoped_lock hold(condition);
      ++waiting;
      if (condition.wait_for(1ms)) ++woken;
      --waiting;
    });
    run.thread([&] {
      std::scoped_lock hold(condition);
      if (waiting == 0) return;
      condition.notify();
      ++waiting;  // it was there, so it is woken
    });
    run.join();
    run.require(woken == waiting, "who was notified in time says so, and who was not does not");
  });
}

TEST(IpcCondition, RefusesOneWaiterTooMany) {
  Condition condition;
  std::vector<std::thread> waiters;
  int waiting = 0;
  for (std::size_t i = 0; i < Condition::kMostWaiters; ++i) {
    waiters.emplace_back([&] {
      std::scoped_lock hold(condition);
      ++waiting;
      condition.wait();
    });
  }
  acquire_when(condition, waiting, static_cast<int>(Condition::kMostWaiters));
  EXPECT_EQ(message_of<RuntimeError>([&] { condition.wait(); }),
            "Condition::wait: 256 wait already");
  condition.notify_all();
  condition.release();
  for (std::thread& waiter : waiters) waiter.join();
}

TEST(IpcCondition, AHolderThatDiesIsToldToTheWaiters) {
  const auto bounded = testing_ipc::bound_sleeps();
  check(
      [](weft::Run& run) {
        Condition condition;
        testing_ipc::LeftByTheDead waiting = 0;
        run.thread("waiter", [&] {
          try {
            condition.acquire();
            ++waiting;
            condition.wait();
            run.fail("nobody notifies");
          } catch (const OwnerDiedError&) {
            if (condition.recover()) condition.release();
          }
        });
        run.thread("dying", [&] {
          for (;;) {
            condition.acquire();
            if (waiting == 1) break;
            condition.release();
            std::this_thread::yield();
          }
          condition.notify();
        });
        run.join();
        condition.acquire();
        condition.release();
      },
      if_threads_die());
}

}  // namespace
}  // namespace weft::ipc
