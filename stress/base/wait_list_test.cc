#include "primitives/base/wait_list.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <thread>
#include <vector>

#include "primitives/base/mutex.h"
#include "stress/check.h"
#include "stress/threading/support.h"

namespace weft {
namespace {

using internal::Mutex;
using internal::MutexLock;
using internal::Waiter;
using internal::WaitList;
using internal::Wake;
using testing_threads::Doomed;
using namespace std::chrono_literals;

// Waits until `count` threads are in the list.
void until_size(Mutex& mutex, const WaitList& list, std::size_t count) {
  for (;;) {
    {
      MutexLock hold(mutex);
      if (list.size() == count) return;
    }
    std::this_thread::yield();
  }
}

TEST(WaitList, AnEmptyListHasNobodyToWake) {
  Mutex mutex;
  WaitList list;
  MutexLock hold(mutex);
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.notify(5), 0U);
  EXPECT_EQ(list.notify_all(), 0U);
  EXPECT_EQ(list.notify_front(), nullptr);
  EXPECT_TRUE(list.empty());
}

TEST(WaitList, AWaitThatTimesOutLeavesTheList) {
  Mutex mutex;
  WaitList list;
  MutexLock hold(mutex);
  EXPECT_EQ(list.wait(mutex, Deadline::passed()), Wake::kTimedOut);
  EXPECT_EQ(list.wait(mutex, Deadline::after(1ms)), Wake::kTimedOut);
  EXPECT_EQ(list.size(), 0U);
}

TEST(WaitList, AStoppedWaitLeavesTheList) {
  Mutex mutex;
  WaitList list;
  std::stop_source stop;
  stop.request_stop();
  MutexLock hold(mutex);
  EXPECT_EQ(list.wait(mutex, Deadline::never(), stop.get_token()), Wake::kStopped);
  EXPECT_EQ(list.size(), 0U);
}

TEST(WaitList, WakesSoManyOfTheLongestWaiting) {
  check([](weft::Run& run) {
    Mutex mutex;
    WaitList list;
    std::vector<int> woken;
    for (int t = 0; t < 4; ++t) {
      run.thread([&, t] {
        until_size(mutex, list, static_cast<std::size_t>(t));
        MutexLock hold(mutex);
        run.require(list.wait(mutex, Deadline::never()) == Wake::kNotified, "notified");
        woken.push_back(t);
      });
    }
    run.start();
    until_size(mutex, list, 4);
    const auto wake = [&](std::size_t count, std::size_t woken_after) {
      mutex.lock();
      const std::size_t told = list.notify(count);
      while (woken.size() < woken_after) {
        mutex.unlock();
        std::this_thread::yield();
        mutex.lock();
      }
      const bool exactly = woken.size() == woken_after;
      mutex.unlock();
      return exactly ? told : 99;
    };
    run.require(wake(1, 1) == 1 && woken[0] == 0, "the first is woken first");
    run.require(wake(0, 1) == 0, "nobody when told so");
    run.require(wake(1, 2) == 1 && woken[1] == 1, "then the second");
    run.require(wake(7, 4) == 2, "then all that are left");
    run.join();
  });
}

// A waiter in the middle leaves by itself: the list stays whole, in both directions.
TEST(WaitList, WhoeverLeavesByItselfIsMissedByNobody) {
  for (int leaver = 0; leaver < 3; ++leaver) {
    check(
        [leaver](weft::Run& run) {
          Mutex mutex;
          WaitList list;
          std::stop_source stop;
          std::vector<int> woken;
          for (int t = 0; t < 3; ++t) {
            run.thread([&, t] {
              until_size(mutex, list, static_cast<std::size_t>(t));
              MutexLock hold(mutex);
              const auto token = t == leaver ? stop.get_token() : std::stop_token();
              const Wake wake = list.wait(mutex, Deadline::never(), token);
              run.require(wake == (t == leaver ? Wake::kStopped : Wake::kNotified), "as it should");
              if (t != leaver) woken.push_back(t);
            });
          }
          run.start();
          until_size(mutex, list, 3);
          stop.request_stop();
          until_size(mutex, list, 2);
          // A new one at the end, so that the list's end is used too.
          run.thread([&] {
            MutexLock hold(mutex);
            list.wait(mutex, Deadline::never());
            woken.push_back(3);
          });
          run.start();
          until_size(mutex, list, 3);
          for (std::size_t i = 0; i < 3; ++i) {
            mutex.lock();
            run.require(list.notify(1) == 1, "there is one left");
            while (woken.size() == i) {
              mutex.unlock();
              std::this_thread::yield();
              mutex.lock();
            }
            mutex.unlock();
          }
          run.join();
          run.require(list.empty(), "and then none");
          std::vector<int> expected{0, 1, 2, 3};
          expected.erase(expected.begin() + leaver);
          run.require(woken == expected, "the others, in the order of arrival");
        },
        testing_threads::briefly());
  }
}

// SM2, CV10: exactly one of notified, timed out and stopped happens to a waiter, and the notifier
// knows which.
TEST(WaitList, ANotificationATimeoutAndAStopNeverBothHappen) {
  check([](weft::Run& run) {
    Mutex mutex;
    WaitList list;
    std::stop_source stop;
    std::size_t told = 0;
    std::size_t notified = 0;
    for (int t = 0; t < 2; ++t) {
      run.thread([&] {
        const auto timeout = std::chrono::microseconds(run.random().below(150));
        MutexLock hold(mutex);
        if (list.wait(mutex, Deadline::after(timeout), stop.get_token()) == Wake::kNotified) {
          ++notified;
        }
      });
    }
    run.thread([&] {
      for (int i = 0; i < 4; ++i) {
        MutexLock hold(mutex);
        told += list.notify(1);
      }
    });
    if (run.random().chance(1, 2)) {
      run.thread([&] { stop.request_stop(); });
    }
    run.join();
    run.require(told == notified, "whoever was told so, and nobody else, was notified");
    run.require(list.empty() && list.size() == 0, "all have left");
  });
}

TEST(WaitList, WhatTheNotifierDidIsVisibleToTheWaiter) {
  check([](weft::Run& run) {
    Mutex mutex;
    WaitList list;
    int data = 0;  // not atomic: the notification orders it
    run.thread([&] {
      MutexLock hold(mutex);
      list.wait(mutex, Deadline::never());
      run.require(data == 1, "what came before notify() is visible");
    });
    run.start();
    until_size(mutex, list, 1);
    data = 1;
    mutex.lock();
    list.notify_front();
    mutex.unlock();
    run.join();
  });
}

// A waiter lies on its thread's stack and is gone as soon as that thread has the mutex again.
TEST(WaitList, ANotifierDoesNotTouchAWaiterThatHasLeft) {
  check([](weft::Run& run) {
    Mutex mutex;
    WaitList list;
    for (int t = 0; t < 2; ++t) {
      run.thread([&] {
        for (int i = 0; i < 10; ++i) {
          Doomed<Waiter> waiter;
          MutexLock hold(mutex);
          list.wait(mutex, *waiter, Deadline::after(std::chrono::microseconds(10 * i)));
        }
      });
    }
    run.thread([&] {
      for (int i = 0; i < 20; ++i) {
        MutexLock hold(mutex);
        list.notify(1);
      }
    });
    run.join();
  });
}

}  // namespace
}  // namespace weft
