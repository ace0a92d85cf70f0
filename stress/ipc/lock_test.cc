// ipc::Lock among the threads of one process; lock_process_test.cc has the processes.
#include "primitives/ipc/lock.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>

#include "primitives/annotate.h"
#include "primitives/base/errors.h"
#include "primitives/threading/event.h"
#include "stress/check.h"
#include "stress/ipc/dying.h"
#include "stress/threading/support.h"

namespace weft::ipc {
namespace {

using testing_ipc::if_threads_die;
using testing_threads::briefly;
using testing_threads::for_each_extreme_length;
using testing_threads::for_each_negative_length;
using testing_threads::kNotANumber;
using testing_threads::message_of;
using testing_threads::SlowClock;
using namespace std::chrono_literals;

TEST(IpcLock, IsHeldFromAcquireToRelease) {
  Lock lock;
  EXPECT_FALSE(lock.locked());
  lock.acquire();
  EXPECT_TRUE(lock.locked());
  EXPECT_FALSE(lock.try_acquire()) << "a holder that acquires again would wait for itself";
  EXPECT_FALSE(lock.acquire_for(1ms));
  lock.release();
  EXPECT_FALSE(lock.locked());
  EXPECT_TRUE(lock.try_acquire());
  lock.release();
  EXPECT_FALSE(lock.locked()) << "failed attempts leave nothing to release";
}

TEST(IpcLock, CopiesOfItAreTheSameLock) {
  Lock lock;
  Lock copy = lock;
  copy.acquire();
  EXPECT_TRUE(lock.locked());
  lock.release();
  EXPECT_FALSE(copy.locked());
  EXPECT_NE(lock.shared_address(), Lock().shared_address());
}

TEST(IpcLock, ReleaseOfAFreeLockIsAnErrorThatChangesNothing) {
  Lock lock;
  EXPECT_EQ(message_of<ValueError>([&] { lock.release(); }), "Lock::release: the lock is not held");
  EXPECT_TRUE(lock.try_acquire());
  lock.release();
  EXPECT_THROW(lock.release(), ValueError);
  EXPECT_FALSE(lock.locked());
}

TEST(IpcLockDeathTest, UnlockOfAFreeLockEndsTheProgram) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        Lock lock;
        lock.unlock();
      },
      "the lock is not held");
}

TEST(IpcLock, ZeroAndLessOnlyLook) {
  Lock lock;
  lock.acquire();
  EXPECT_FALSE(lock.acquire_for(0s));
  for_each_negative_length([&](auto length) { EXPECT_FALSE(lock.acquire_for(length)); });
  EXPECT_FALSE(lock.acquire_until(std::chrono::steady_clock::now()));
  EXPECT_FALSE(lock.acquire_until(SlowClock::now() + 1ms));
  EXPECT_THROW((void)lock.acquire_for(kNotANumber), ValueError);
  lock.release();
  for_each_extreme_length([&](auto length) {
    EXPECT_TRUE(lock.acquire_for(length));
    lock.release();
  });
}

// In all modes, but the explorer's verdict is the sharp one: no sleep is bounded there, so a
// wake-up that a release owes and does not give is a hang.
TEST(IpcLock, NobodySleepsBesideAFreeLock) {
  check([](weft::Run& run) {
    Lock lock;
    int inside = 0;  // not atomic: the lock alone guards it
    for (int t = 0; t < 3; ++t) {
      run.thread([&] {
        for (int i = 0; i < 4; ++i) {
          std::scoped_lock hold(lock);
          run.require(++inside == 1, "one thread at a time holds the lock");
          --inside;
        }
      });
    }
    run.join();
    run.require(!lock.locked(), "it is free when all have released it");
  });
}

// (I1): one that was woken and gives up leaves word that others sleep.
TEST(IpcLock, AWaiterThatGivesUpStrandsNobody) {
  check([](weft::Run& run) {
    Lock lock;
    lock.acquire();
    for (int t = 0; t < 2; ++t) {
      run.thread([&] {
        if (lock.acquire_for(1ms)) lock.release();
      });
    }
    run.thread([&] {
      lock.acquire();
      lock.release();
    });
    run.start();
    lock.release();
    if (lock.try_acquire()) lock.release();
    run.join();
    run.require(!lock.locked(), "it is free in the end");
  });
}

TEST(IpcLock, TwoThreadsTakeTurnsByTwoLocks) {
  check([](weft::Run& run) {
    Lock first;
    Lock second;
    std::string text;  // the turn alone guards it
    // A taker that ends is a dead holder, so both threads stay until neither waits any more.
    Event done[2];
    second.acquire();
    run.thread([&] {
      for (int i = 0; i < 5; ++i) {
        first.acquire();
        text += 'a';
        second.release();
      }
      done[0].set();
      done[1].wait();
    });
    run.thread([&] {
      for (int i = 0; i < 5; ++i) {
        second.acquire();
        text += 'b';
        first.release();
      }
      done[1].set();
      done[0].wait();
    });
    run.join();
    run.require(text == "ababababab", "the threads alternate");
  });
}

TEST(IpcLock, AReleaseIsPublishedToWhoeverSeesItFree) {
  check(
      [](weft::Run& run) {
        Lock lock;
        int data = 0;  // not atomic: seen only through the lock's state
        lock.acquire();
        run.thread([&] {
          data = 1;
          lock.release();
        });
        run.thread([&] {
          while (lock.locked()) std::this_thread::yield();
          run.require(data == 1, "what came before the release is visible");
        });
        run.join();
      },
      briefly());
}

// What an acquirer was told, by threads of which some end while they hold the lock.
enum class Told { kTaken, kOwnerDied };

Told acquire(Lock& lock) {
  try {
    lock.acquire();
    return Told::kTaken;
  } catch (const OwnerDiedError&) {
    return Told::kOwnerDied;
  }
}

TEST(IpcLock, AHolderThatEndedIsToldToAllUntilTheLockIsRecovered) {
  Lock lock;
  std::thread([&] { lock.acquire(); }).join();
  EXPECT_TRUE(lock.locked());
  EXPECT_EQ(message_of<OwnerDiedError>([&] { lock.acquire(); }),
            "Lock::acquire: its holder has died without release(); call recover()");
  EXPECT_THROW((void)lock.try_acquire(), OwnerDiedError);
  EXPECT_THROW((void)lock.acquire_for(1s), OwnerDiedError);
  EXPECT_TRUE(lock.locked()) << "it is nobody's yet";
  EXPECT_TRUE(lock.recover());
  EXPECT_FALSE(lock.recover()) << "there is nothing to recover any more";
  EXPECT_FALSE(lock.try_acquire()) << "whoever recovers it holds it";
  lock.release();
  lock.acquire();
  lock.release();
  EXPECT_FALSE(lock.recover());
}

TEST(IpcLock, ReleaseInADeadHoldersPlaceFreesIt) {
  Lock lock;
  std::thread([&] { lock.acquire(); }).join();
  lock.release();
  EXPECT_FALSE(lock.locked());
  EXPECT_THROW(lock.release(), ValueError);
  // Also when somebody has been told.
  std::thread([&] { lock.acquire(); }).join();
  EXPECT_THROW(lock.acquire(), OwnerDiedError);
  lock.release();
  EXPECT_TRUE(lock.try_acquire());
  lock.release();
}

TEST(IpcLock, TheDeathOfARecovererIsToldToo) {
  Lock lock;
  std::thread([&] { lock.acquire(); }).join();
  std::thread([&] { EXPECT_TRUE(lock.recover()); }).join();
  EXPECT_THROW(lock.acquire(), OwnerDiedError);
  EXPECT_TRUE(lock.recover());
  lock.release();
}

TEST(IpcLock, EverybodyLearnsOfADeathAndOneRecovers) {
  const auto bounded = testing_ipc::bound_sleeps();
  check(
      [](weft::Run& run) {
        Lock lock;
        testing_ipc::LeftByTheDead half_done = 0;  // the lock alone guards it
        std::atomic<int> recovered{0};
        run.thread("dying", [&] {
          if (acquire(lock) == Told::kTaken) half_done = 1;
        });
        for (int t = 0; t < 2; ++t) {
          run.thread([&] {
            while (acquire(lock) == Told::kOwnerDied) {
              if (!lock.recover()) continue;
              run.require(half_done == 1, "what the dead one did is visible");
              half_done = 0;
              recovered += 1;
              break;
            }
            run.require(half_done == 0, "nobody holds the lock of a dead one unknowingly");
            lock.release();
          });
        }
        run.join();
        run.require(recovered <= 1, "one recovers");
        run.require(recovered == 1 || lock.locked(), "or the dying thread came last");
      },
      if_threads_die());
}

}  // namespace
}  // namespace weft::ipc
