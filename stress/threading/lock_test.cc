// What is a Lock's own; lockable_test.cc has what it shares with the others.
#include "primitives/threading/lock.h"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <stop_token>
#include <string>
#include <thread>

#include "primitives/base/errors.h"
#include "primitives/threading/event.h"
#include "stress/check.h"
#include "stress/threading/support.h"

namespace weft {
namespace {

using testing_threads::briefly;
using testing_threads::for_each_negative_length;
using testing_threads::message_of;
using namespace std::chrono_literals;

TEST(Lock, KnowsWhetherAnybodyHoldsIt) {
  Lock lock;
  EXPECT_FALSE(lock.locked());
  lock.acquire();
  EXPECT_TRUE(lock.locked());
  std::thread([&] { EXPECT_TRUE(lock.locked()); }).join();
  lock.release();
  EXPECT_FALSE(lock.locked());
}

TEST(Lock, AnyThreadMayReleaseIt) {
  Lock lock;
  lock.acquire();
  std::thread([&] { lock.release(); }).join();
  EXPECT_FALSE(lock.locked());
}

TEST(Lock, AHolderThatAcquiresAgainWaitsForItself) {
  Lock lock;
  lock.acquire();
  EXPECT_FALSE(lock.try_acquire());
  EXPECT_FALSE(lock.acquire_for(1ms));
  EXPECT_TRUE(lock.locked());
  lock.release();
  EXPECT_FALSE(lock.locked()) << "failed attempts leave nothing to release";
}

TEST(Lock, TwoThreadsTakeTurnsByTwoLocks) {
  check([](weft::Run& run) {
    Lock first;
    Lock second;
    std::string text;  // the turn alone guards it
    second.acquire();
    run.thread([&] {
      for (int i = 0; i < 10; ++i) {
        first.acquire();
        text += 'a';
        second.release();
      }
    });
    run.thread([&] {
      for (int i = 0; i < 10; ++i) {
        second.acquire();
        text += 'b';
        first.release();
      }
    });
    run.join();
    run.require(text == "abababababababababab", "the threads alternate");
  });
}

TEST(Lock, ReleaseOfAFreeLockIsAnErrorThatChangesNothing) {
  Lock lock;
  EXPECT_EQ(message_of<RuntimeError>([&] { lock.release(); }),
            "Lock::release: the lock is not held");
  EXPECT_FALSE(lock.locked());
  lock.acquire();
  lock.release();
  EXPECT_THROW(lock.release(), RuntimeError);
  EXPECT_TRUE(lock.try_acquire());
}

TEST(Lock, ANegativeTimeoutIsAnErrorThatChangesNothing) {
  Lock lock;
  for_each_negative_length([&](auto length) {
    EXPECT_THROW((void)lock.acquire_for(length), ValueError);
    EXPECT_FALSE(lock.locked());
  });
  EXPECT_EQ(message_of<ValueError>([&] { (void)lock.acquire_for(-2s); }),
            "Lock::acquire_for: the time-out must not be negative, it is -2 s");
  lock.acquire();
  EXPECT_THROW((void)lock.acquire_for(-1ns), ValueError);
  EXPECT_TRUE(lock.locked());
}

TEST(LockDeathTest, UnlockOfAFreeLockEndsTheProgram) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        Lock lock;
        lock.unlock();
      },
      "the lock is not held");
}

TEST(Lock, AReleaseIsPublishedToWhoeverSeesItFree) {
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

}  // namespace
}  // namespace weft
