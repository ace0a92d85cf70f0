// What is an RLock's own; lockable_test.cc has what it shares with the others.
#include "primitives/threading/rlock.h"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <mutex>
#include <thread>

#include "primitives/base/errors.h"
#include "primitives/threading/event.h"
#include "stress/check.h"
#include "stress/threading/support.h"

namespace weft {
namespace {

using testing_threads::for_each_negative_length;
using testing_threads::kNotANumber;
using testing_threads::message_of;
using namespace std::chrono_literals;

TEST(RLock, ItsOwnerTakesItAgainAtOnceHowever) {
  RLock lock;
  lock.acquire();
  EXPECT_TRUE(lock.try_acquire());
  EXPECT_TRUE(lock.acquire_for(0s));
  EXPECT_TRUE(lock.acquire_until(std::chrono::steady_clock::time_point::min()));
  EXPECT_TRUE(lock.try_lock_for(-1s));
  {
    std::scoped_lock again(lock);
    EXPECT_EQ(lock.recursion_count(), 6U);
  }
  EXPECT_EQ(lock.recursion_count(), 5U);
}

TEST(RLock, IsFreeAfterAsManyReleasesAsAcquires) {
  check([](weft::Run& run) {
    RLock lock;
    int total = 0;
    for (int t = 0; t < 3; ++t) {
      run.thread([&, t] {
        for (int i = 0; i < 10; ++i) {
          for (int depth = 0; depth <= t; ++depth) lock.acquire();
          ++total;
          for (int depth = 0; depth <= t; ++depth) {
            run.require(lock.owned(), "it is owned until the last release");
            lock.release();
          }
          run.require(!lock.owned(), "it is not owned after the last release");
        }
      });
    }
    run.join();
    run.require(total == 30, "no increment made under the lock is lost");
    run.require(!lock.locked(), "the lock is free when all have released it");
  });
}

TEST(RLock, EachThreadSeesItsOwnCountAndEverybodySeesThatItIsLocked) {
  RLock lock;
  EXPECT_FALSE(lock.locked());
  EXPECT_FALSE(lock.owned());
  EXPECT_EQ(lock.recursion_count(), 0U);
  lock.acquire();
  lock.acquire();
  EXPECT_TRUE(lock.locked());
  EXPECT_TRUE(lock.owned());
  EXPECT_EQ(lock.recursion_count(), 2U);
  std::thread([&] {
    EXPECT_TRUE(lock.locked());
    EXPECT_FALSE(lock.owned());
    EXPECT_EQ(lock.recursion_count(), 0U);
  }).join();
  lock.release();
  EXPECT_TRUE(lock.locked());
  lock.release();
  EXPECT_FALSE(lock.locked());
  EXPECT_FALSE(lock.owned());
}

TEST(RLock, ReleaseByAStrangerIsAnErrorThatChangesNothing) {
  RLock lock;
  const auto release = [&] { lock.release(); };
  EXPECT_EQ(message_of<RuntimeError>(release),
            "RLock::release: the calling thread does not hold the lock");
  lock.acquire();
  lock.acquire();
  std::thread([&] {
    EXPECT_THROW(lock.release(), RuntimeError);
    EXPECT_EQ(message_of<RuntimeError>([&] { (void)lock.release_save(); }),
              "RLock::release_save: the calling thread does not hold the lock");
  }).join();
  EXPECT_EQ(lock.recursion_count(), 2U);
  lock.release();
  lock.release();
  EXPECT_THROW(lock.release(), RuntimeError);
}

TEST(RLock, ArgumentsAreCheckedForTheOwnerToo) {
  RLock lock;
  lock.acquire();
  for_each_negative_length(
      [&](auto length) { EXPECT_THROW((void)lock.acquire_for(length), ValueError); });
  EXPECT_EQ(message_of<ValueError>([&] { (void)lock.acquire_for(-0.5s); }),
            "RLock::acquire_for: the time-out must not be negative, it is -0.5 s");
  EXPECT_THROW((void)lock.acquire_for(kNotANumber), ValueError);
  EXPECT_THROW((void)lock.try_lock_for(kNotANumber), ValueError);
  EXPECT_EQ(lock.recursion_count(), 1U);
}

TEST(RLock, ReleaseSaveGivesUpAllLevelsAndRestoreTakesThemBack) {
  RLock lock;
  lock.acquire();
  lock.acquire();
  lock.acquire();
  const std::size_t depth = lock.release_save();
  EXPECT_EQ(depth, 3U);
  EXPECT_FALSE(lock.locked());
  std::thread([&] {
    EXPECT_TRUE(lock.try_acquire()) << "another thread can take it in between";
    lock.release();
  }).join();
  lock.acquire_restore(depth);
  EXPECT_EQ(lock.recursion_count(), 3U);
}

TEST(RLock, RestoreWaitsForTheOwner) {
  check([](weft::Run& run) {
    RLock lock;
    int data = 0;
    for (int t = 0; t < 3; ++t) {
      run.thread([&] {
        lock.acquire();
        lock.acquire();
        ++data;
        const std::size_t depth = lock.release_save();
        lock.acquire_restore(depth);
        run.require(lock.recursion_count() == 2, "both levels came back");
        ++data;
        lock.release();
        lock.release();
      });
    }
    run.join();
    run.require(data == 6, "nobody else was inside after the restore");
  });
}

// CV3's kin: a count at its limit must not wrap around to "free".
TEST(RLock, ARecursionCountAtItsLimitIsAnErrorThatChangesNothing) {
  RLock lock;
  constexpr std::size_t kLimit = std::numeric_limits<std::size_t>::max();
  lock.acquire_restore(kLimit);
  EXPECT_EQ(message_of<RuntimeError>([&] { lock.acquire(); }),
            "RLock::acquire: the recursion count is at its limit");
  EXPECT_THROW((void)lock.try_acquire(), RuntimeError);
  EXPECT_EQ(lock.recursion_count(), kLimit);
  lock.release();
  EXPECT_TRUE(lock.try_acquire());
}

TEST(RLock, AThreadThatGotADeadOwnersIdIsNotTheOwner) {
  RLock lock;
  std::thread owner([&] { lock.acquire(); });
  const std::thread::id id = owner.get_id();
  owner.join();
  bool reused = false;
  for (int attempt = 0; attempt < 1000 && !reused; ++attempt) {
    std::thread successor([&] {
      EXPECT_FALSE(lock.owned());
      EXPECT_FALSE(lock.try_acquire());
      EXPECT_THROW(lock.release(), RuntimeError);
    });
    reused = successor.get_id() == id;
    successor.join();
  }
  EXPECT_TRUE(reused) << "the system gave no thread the dead one's id, so nothing was tested";
  EXPECT_TRUE(lock.locked());
}

TEST(RLockDeathTest, UnlockByAStrangerEndsTheProgram) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        RLock lock;
        lock.unlock();
      },
      "the calling thread does not hold the lock");
}

}  // namespace
}  // namespace weft
