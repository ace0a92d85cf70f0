// The mutex inside the primitives, the futex below it, and the serial numbers of threads.
#include "primitives/base/mutex.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <set>
#include <thread>
#include <type_traits>

#include "primitives/base/futex.h"
#include "primitives/base/thread_serial.h"
#include "stress/check.h"
#include "stress/threading/support.h"

namespace weft {
namespace {

using internal::Mutex;
using internal::MutexLock;
using testing_threads::Doomed;
using testing_threads::Sleeper;
using namespace std::chrono_literals;

TEST(Mutex, SerializesItsHolders) {
  check([](weft::Run& run) {
    Mutex mutex;
    int inside = 0;  // not atomic: the mutex alone guards them
    int total = 0;
    for (int t = 0; t < 3; ++t) {
      run.thread([&] {
        for (int i = 0; i < 50; ++i) {
          MutexLock hold(mutex);
          run.require(++inside == 1, "one thread at a time holds the mutex");
          ++total;
          --inside;
        }
      });
    }
    run.join();
    run.require(total == 150, "no increment made under the mutex is lost");
  });
}

// LK2: who has slept takes the mutex with the mark that others may sleep behind it. Two sleepers
// are needed to see it: the first to be woken must wake the second. A lost one is a hang.
TEST(Mutex, EverySleeperIsWoken) {
  check([](weft::Run& run) {
    Mutex mutex;
    Sleeper sleepers[3];
    mutex.lock();
    for (Sleeper& sleeper : sleepers) {
      run.thread([&] {
        sleeper.announce();
        mutex.lock();
        mutex.unlock();
      });
    }
    run.start();
    for (const Sleeper& sleeper : sleepers) sleeper.until_asleep();
    mutex.unlock();
    run.join();
  });
}

TEST(Mutex, NobodySleepsBesideAFreeMutexUnderContention) {
  check([](weft::Run& run) {
    Mutex mutex;
    int total = 0;
    for (int t = 0; t < 4; ++t) {
      run.thread([&] {
        for (int i = 0; i < 100; ++i) {
          MutexLock hold(mutex);
          ++total;
          if (run.random().chance(1, 20)) std::this_thread::yield();
        }
      });
    }
    run.join();
    run.require(total == 400, "all increments are there");
  });
}

// LK1
TEST(Mutex, TheNextHolderMayDestroyItAtOnce) {
  check([](weft::Run& run) {
    Doomed<Mutex> mutex;
    int last = 0;
    for (int t = 0; t < 2; ++t) {
      run.thread([&] {
        mutex->lock();
        const bool is_last = ++last == 2;
        mutex->unlock();
        if (is_last) mutex.end();
      });
    }
    run.join();
  });
}

TEST(Futex, DoesNotSleepOnAWordThatHasChanged) {
  const futex::Word word{1};
  EXPECT_TRUE(futex::wait(word, 0, Deadline::never()));
}

TEST(Futex, SleepsUntilItsDeadlineAndSaysSo) {
  const futex::Word word{1};
  const auto begin = std::chrono::steady_clock::now();
  while (futex::wait(word, 1, Deadline::at(begin + 3ms))) {
  }
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 3ms);
  EXPECT_FALSE(futex::wait(word, 1, Deadline::passed()));
}

TEST(Futex, WakeOneWakesASleeperAndWakeAllWakesAll) {
  check([](weft::Run& run) {
    futex::Word word{0};
    std::atomic<int> awake{0};
    Sleeper sleepers[3];
    for (Sleeper& sleeper : sleepers) {
      run.thread([&] {
        sleeper.announce();
        while (word == 0) futex::wait(word, 0, Deadline::never());
        ++awake;
      });
    }
    run.start();
    for (const Sleeper& sleeper : sleepers) sleeper.until_asleep();
    word = 1;
    // At most one can still sleep after two.
    futex::wake_one(word);
    futex::wake_one(word);
    while (awake < 2) std::this_thread::yield();
    futex::wake_all(word);
    run.join();
    run.require(awake == 3, "all three are awake");
  });
}

TEST(Futex, LeavesErrnoAlone) {
  const futex::Word word{1};
  errno = 4711;
  EXPECT_FALSE(futex::wait(word, 1, Deadline::passed()));
  EXPECT_TRUE(futex::wait(word, 0, Deadline::never()));
  EXPECT_EQ(errno, 4711);
  {
    const Doomed<futex::Word> gone(0U);
    const futex::Word& word_that_was = *gone;
    const_cast<Doomed<futex::Word>&>(gone).end();
    futex::wake_one(word_that_was);
  }
  EXPECT_EQ(errno, 4711);
}

TEST(ThreadSerial, IsOnesOwnAndNeverGivenAgain) {
  std::set<std::uint64_t> seen{internal::kNoThread};
  EXPECT_TRUE(seen.insert(internal::this_thread_serial()).second);
  EXPECT_FALSE(seen.insert(internal::this_thread_serial()).second) << "it does not change";
  for (int i = 0; i < 100; ++i) {
    std::thread([&] { EXPECT_TRUE(seen.insert(internal::this_thread_serial()).second); }).join();
  }
}

TEST(ThreadSerial, ThreadsThatAskAtOnceGetDifferentOnes) {
  check([](weft::Run& run) {
    std::uint64_t serials[3] = {};
    for (std::uint64_t& serial : serials) {
      run.thread([&] { serial = internal::this_thread_serial(); });
    }
    run.join();
    run.require(serials[0] != serials[1] && serials[1] != serials[2] && serials[0] != serials[2],
                "three threads, three numbers");
  });
}

}  // namespace
}  // namespace weft
