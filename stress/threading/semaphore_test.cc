// What is a semaphore's own; lockable_test.cc has what it shares with the locks.
#include "primitives/threading/semaphore.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <type_traits>

#include "primitives/base/errors.h"
#include "stress/check.h"
#include "stress/threading/support.h"

namespace weft {
namespace {

using testing_threads::Doomed;
using testing_threads::for_each_negative_length;
using testing_threads::message_of;
using testing_threads::Sleeper;
using namespace std::chrono_literals;

TEST(Semaphore, StartsWithOnePermitUnlessToldOtherwise) {
  EXPECT_EQ(Semaphore().value(), 1);
  EXPECT_EQ(BoundedSemaphore().value(), 1);
  EXPECT_EQ(Semaphore(0).value(), 0);
  EXPECT_EQ(BoundedSemaphore(7).value(), 7);
  EXPECT_EQ(Semaphore(Semaphore::kMax).value(), Semaphore::kMax);
}

TEST(Semaphore, ANegativeInitialValueIsAnError) {
  EXPECT_EQ(message_of<ValueError>([] { Semaphore(-1); }),
            "Semaphore: the initial value must not be negative, it is -1");
  EXPECT_THROW(BoundedSemaphore(-1), ValueError);
  EXPECT_THROW(Semaphore(-Semaphore::kMax - 1), ValueError);
}

TEST(Semaphore, GivesAsManyPermitsAsItHas) {
  Semaphore semaphore(2);
  EXPECT_TRUE(semaphore.try_acquire());
  EXPECT_EQ(semaphore.value(), 1);
  semaphore.acquire();
  EXPECT_EQ(semaphore.value(), 0);
  EXPECT_FALSE(semaphore.try_acquire());
  EXPECT_EQ(semaphore.value(), 0) << "SM4: never below zero";
  semaphore.release(3);
  EXPECT_EQ(semaphore.value(), 3);
}

TEST(Semaphore, NegativeAndZeroTimeoutsOnlyLook) {
  Semaphore semaphore(0);
  EXPECT_FALSE(semaphore.acquire_for(0s));
  for_each_negative_length([&](auto length) { EXPECT_FALSE(semaphore.acquire_for(length)); });
  semaphore.release();
  EXPECT_TRUE(semaphore.acquire_for(-1s));
  EXPECT_EQ(semaphore.value(), 0);
}

TEST(Semaphore, ACountBelowOneIsAnErrorThatChangesNothing) {
  Semaphore semaphore(1);
  EXPECT_EQ(message_of<ValueError>([&] { semaphore.release(0); }),
            "Semaphore::release: the count must be at least 1, it is 0");
  EXPECT_EQ(message_of<ValueError>([&] { semaphore.release(-3); }),
            "Semaphore::release: the count must be at least 1, it is -3");
  EXPECT_EQ(semaphore.value(), 1);
}

// SM7
TEST(Semaphore, AReleasePastTheMaximumIsAnErrorThatChangesNothing) {
  Semaphore semaphore(Semaphore::kMax - 1);
  EXPECT_THROW(semaphore.release(2), ValueError);
  EXPECT_THROW(semaphore.release(Semaphore::kMax), ValueError);
  EXPECT_EQ(semaphore.value(), Semaphore::kMax - 1);
  semaphore.release(1);
  EXPECT_EQ(semaphore.value(), Semaphore::kMax);
  EXPECT_THROW(semaphore.release(), ValueError);
  EXPECT_EQ(semaphore.value(), Semaphore::kMax);
}

// SM7
TEST(BoundedSemaphore, AReleaseWithoutAnAcquireIsAnErrorThatChangesNothing) {
  BoundedSemaphore semaphore(2);
  EXPECT_EQ(message_of<ValueError>([&] { semaphore.release(); }),
            "Semaphore::release: 1 more than the value 2 would pass the maximum 2");
  semaphore.acquire();
  EXPECT_THROW(semaphore.release(2), ValueError);
  EXPECT_EQ(semaphore.value(), 1) << "not even the one that would have fitted";
  semaphore.release();
  EXPECT_EQ(semaphore.value(), 2);
  EXPECT_THROW(BoundedSemaphore(0).release(), ValueError);
}

TEST(SemaphoreDeathTest, UnlockPastTheBoundEndsTheProgram) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(BoundedSemaphore(1).unlock(), "would pass the maximum 1");
}

TEST(Semaphore, APermitIsGivenBackWhenItsGuardEnds) {
  Semaphore semaphore(2);
  {
    auto permit = semaphore.acquire_permit();
    static_assert(std::is_same_v<decltype(permit), std::unique_lock<Semaphore>>);
    EXPECT_TRUE(permit.owns_lock());
    EXPECT_EQ(semaphore.value(), 1);
    auto moved = std::move(permit);
    EXPECT_EQ(semaphore.value(), 1);
  }
  EXPECT_EQ(semaphore.value(), 2);
}

TEST(Semaphore, AReleaseOfSeveralLetsAsManyThrough) {
  check([](weft::Run& run) {
    Semaphore semaphore(0);
    std::atomic<int> through{0};
    for (int t = 0; t < 4; ++t) {
      run.thread([&] {
        semaphore.acquire();
        ++through;
      });
    }
    run.start();
    semaphore.release(3);
    while (through < 3) std::this_thread::yield();
    run.require(through == 3 && semaphore.value() == 0, "three permits let three threads through");
    semaphore.release();
    run.join();
    run.require(semaphore.value() == 0, "four permits let four threads through");
  });
}

// SM1: the run in which the system's std::counting_semaphore hangs. A sleeper beside a permit is a
// hang, since nobody is left to release.
TEST(Semaphore, NobodySleepsWhilePermitsAreThere) {
  Options options;
  options.budget = Seconds(1);
  check(
      [](weft::Run& run) {
        Semaphore semaphore(2);
        // relaxed throughout: the count must not order the threads, that is the semaphore's part.
        std::atomic<int> inside{0};
        for (int t = 0; t < 8; ++t) {
          run.thread([&] {
            for (int i = 0; i < 50; ++i) {
              semaphore.acquire();
              const int now_inside = inside.fetch_add(1, std::memory_order_relaxed) + 1;
              run.require(now_inside <= 2, "at most two threads hold the two permits");
              inside.fetch_sub(1, std::memory_order_relaxed);
              semaphore.release();
            }
          });
        }
        run.join();
        run.require(semaphore.value() == 2, "as many permits are left as there were");
      },
      options);
}

// SM2, SM4
TEST(Semaphore, APermitIsNeitherLostNorDoubledWhenATimeoutMeetsARelease) {
  check([](weft::Run& run) {
    Semaphore semaphore(0);
    std::atomic<int> taken{0};
    constexpr int kReleased = 10;
    for (int t = 0; t < 2; ++t) {
      run.thread([&] {
        for (int i = 0; i < 10; ++i) {
          if (semaphore.acquire_for(std::chrono::microseconds(10 * i))) ++taken;
        }
      });
    }
    run.thread([&] {
      for (int i = 0; i < kReleased; ++i) {
        semaphore.release();
        std::this_thread::yield();
      }
    });
    run.join();
    run.require(taken + semaphore.value() == kReleased, "each permit is taken once or still there");
  });
}

TEST(Semaphore, AReleaseIsPublishedToWhoeverTakesThePermit) {
  check([](weft::Run& run) {
    Semaphore semaphore(0);
    int data = 0;  // not atomic: the permit alone hands it over
    run.thread([&] {
      data = 1;
      semaphore.release();
    });
    run.thread([&] {
      semaphore.acquire();
      run.require(data == 1, "what came before the release is visible");
    });
    run.join();
  });
}

// SM3: release() touches nothing once an acquirer can see the permit.
TEST(Semaphore, TheThreadThatGotTheLastPermitMayDestroyItAtOnce) {
  check([](weft::Run& run) {
    Doomed<Semaphore> semaphore(0);
    Sleeper sleeper;
    run.thread([&] {
      sleeper.announce();
      semaphore->acquire();
      semaphore.end();
    });
    run.thread([&] {
      if (run.random().chance(1, 2)) sleeper.until_asleep();
      semaphore->release();
    });
    run.join();
  });
}

}  // namespace
}  // namespace weft
