// A Thread's life: start, join, what it is given, what it leaves.
#include "primitives/threading/thread.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <set>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/threading/event.h"
#include "stress/check.h"
#include "stress/threading/support.h"

namespace weft {
namespace {

using testing_threads::briefly;
using testing_threads::for_each_extreme_length;
using testing_threads::for_each_negative_length;
using testing_threads::kNotANumber;
using testing_threads::message_of;
using testing_threads::patiently;
using testing_threads::SlowClock;
using namespace std::chrono_literals;

TEST(Thread, IsAliveFromStartUntilRunEnds) {
  static_assert(!std::is_copy_constructible_v<Thread> && !std::is_move_constructible_v<Thread>);
  Event finish;
  Thread thread([&] { finish.wait(); });
  EXPECT_FALSE(thread.is_alive());
  EXPECT_EQ(thread.ident(), 0U);
  EXPECT_EQ(thread.native_id(), 0);
  thread.start();
  EXPECT_TRUE(thread.is_alive());
  const std::uint64_t ident = thread.ident();
  EXPECT_NE(ident, 0U);
  EXPECT_NE(thread.native_id(), 0);
  finish.set();
  thread.join();
  EXPECT_FALSE(thread.is_alive());
  EXPECT_EQ(thread.ident(), ident) << "kept after the end";
}

TEST(Thread, AThreadThatIsNotStartedDoesNothing) {
  bool ran = false;
  {
    Thread thread([&] { ran = true; });
  }
  EXPECT_FALSE(ran);
}

TEST(Thread, CanBeStartedOnce) {
  int runs = 0;
  Thread thread([&] { ++runs; });
  thread.start();
  EXPECT_EQ(message_of<RuntimeError>([&] { thread.start(); }),
            "Thread::start: a thread can be started only once");
  thread.join();
  EXPECT_THROW(thread.start(), RuntimeError) << "also after its end";
  EXPECT_EQ(runs, 1);
}

TEST(Thread, JoinOfAThreadThatWasNotStartedIsAnError) {
  Thread thread([] {});
  EXPECT_EQ(message_of<RuntimeError>([&] { thread.join(); }),
            "Thread::join: the thread was not started");
  EXPECT_THROW(thread.join_for(0s), RuntimeError);
  EXPECT_THROW(thread.join_or_rethrow(), RuntimeError);
}

TEST(Thread, JoinOfItselfIsAnError) {
  for (const bool daemon : {false, true}) {
    Thread* itself = nullptr;
    std::string message;
    Event done;
    Thread thread({.name = "", .daemon = daemon}, [&] {
      message = message_of<RuntimeError>([&] { itself->join(); });
      done.set();
    });
    itself = &thread;
    thread.start();
    done.wait();
    thread.join();
    EXPECT_EQ(message, "Thread::join: a thread cannot join itself");
  }
}

// LK17
TEST(Thread, AnyNumberOfThreadsMayJoinIt) {
  check(
      [](weft::Run& run) {
        int data = 0;  // not atomic: the joins order it
        Thread thread([&] { data = 1; });
        thread.start();
        for (int t = 0; t < 3; ++t) {
          run.thread([&, t] {
            if (t == 0) {
              run.require(thread.join_for(10s), "it ends at once");
            } else {
              thread.join();
            }
            run.require(data == 1 && !thread.is_alive(),
                        "what it did is visible, and it has ended");
            thread.join();
          });
        }
        run.join();
      },
      patiently());
}

TEST(Thread, WhatTheStarterDidIsVisibleInItAndWhatItDidToWhoeverSawItsEnd) {
  check([](weft::Run& run) {
    int before = 0;  // not atomic
    int after = 0;
    Thread thread([&] { after = before + 1; });
    before = 1;
    thread.start();
    while (thread.is_alive()) std::this_thread::yield();
    run.require(after == 2, "seen through is_alive()");
  });
}

TEST(Thread, JoinForSaysWhetherItHasEnded) {
  Event finish;
  Thread thread([&] { finish.wait(); });
  thread.start();
  EXPECT_FALSE(thread.join_for(0s));
  for_each_negative_length([&](auto length) { EXPECT_FALSE(thread.join_for(length)); });
  EXPECT_FALSE(thread.join_for(1ms));
  EXPECT_FALSE(thread.join_until(std::chrono::steady_clock::now() + 1ms));
  EXPECT_FALSE(thread.join_until(SlowClock::now() + 1ms));
  EXPECT_THROW(thread.join_for(kNotANumber), ValueError);
  EXPECT_TRUE(thread.is_alive());
  finish.set();
  for_each_extreme_length([&](auto length) { EXPECT_TRUE(thread.join_for(length)); });
  EXPECT_TRUE(thread.join_for(-1s)) << "an ended thread needs no time";
}

TEST(Thread, ItsDestructorWaitsForIt) {
  check(
      [](weft::Run& run) {
        int data = 0;
        {
          Thread thread([&] { data = 1; });
          thread.start();
        }
        run.require(data == 1, "it had ended");
      },
      briefly());
}

// LK17
TEST(Thread, ItMayDestroyItsOwnObject) {
  check([](weft::Run& run) {
    std::unique_ptr<Thread> thread;
    Event done;
    Event made;
    thread = std::make_unique<Thread>([&] {
      made.wait();
      thread.reset();
      done.set();
    });
    thread->start();
    made.set();
    done.wait();
    run.require(thread == nullptr, "the object is gone");
  });
}

struct Adder {
  int base;
  void add(int value, int& sum) const { sum = base + value; }
};

TEST(Thread, ArgumentsAreCopiedOrMovedAsByStdThread) {
  int sum = 0;
  std::string text = "before";
  std::string seen;
  auto owned = std::make_unique<int>(5);
  const Adder adder{2};
  Thread by_move(
      [&](std::unique_ptr<int> value, const std::string& copied) {
        sum += *value;
        seen = copied;
      },
      std::move(owned), text);
  text = "after";
  by_move.start();
  by_move.join();
  EXPECT_EQ(sum, 5);
  EXPECT_EQ(seen, "before") << "copied when the thread was made";
  Thread by_member(&Adder::add, &adder, 3, std::ref(sum));
  by_member.start();
  by_member.join();
  EXPECT_EQ(sum, 5);
  const auto move_only = [held = std::make_unique<int>(8), &sum] { sum = *held; };
  static_assert(!std::is_copy_constructible_v<decltype(move_only)>);
  Thread with_move_only([held = std::make_unique<int>(8), &sum] { sum = *held; });
  with_move_only.start();
  with_move_only.join();
  EXPECT_EQ(sum, 8);
}

TEST(Thread, TheArgumentsDieWithTheRunEvenIfTheObjectLivesOn) {
  auto argument = std::make_shared<int>(1);
  const std::weak_ptr<int> watched = argument;
  Thread thread([](const std::shared_ptr<int>&) {}, std::move(argument));
  thread.start();
  thread.join();
  EXPECT_TRUE(watched.expired());
}

TEST(Thread, AStopRequestReachesTheFunctionThatTakesAToken) {
  check(
      [](weft::Run& run) {
        std::atomic<int> sum{0};
        Thread thread(
            [&](const std::stop_token& stop, int add) {
              while (!stop.stop_requested()) std::this_thread::yield();
              sum += add;
            },
            2);
        thread.start();
        run.require(!thread.stop_token().stop_requested(), "nobody has asked it to stop");
        run.require(thread.request_stop(), "the first request");
        run.require(!thread.request_stop(), "not the first request");
        thread.join();
        run.require(sum == 2, "token first, then the arguments");
      },
      briefly());
  Thread asked_early([](const std::stop_token& stop) { EXPECT_TRUE(stop.stop_requested()); });
  asked_early.request_stop();
  asked_early.start();
}

TEST(Thread, RunCalledDirectlyRunsInTheCaller) {
  std::thread::id ran_in;
  int runs = 0;
  Thread thread([&] {
    ran_in = std::this_thread::get_id();
    ++runs;
  });
  thread.run();
  EXPECT_EQ(ran_in, std::this_thread::get_id());
  EXPECT_FALSE(thread.is_alive());
  thread.run();
  EXPECT_EQ(runs, 1) << "the target was used up";
}

TEST(Thread, AnIdentIsNeverGivenAgain) {
  std::set<std::uint64_t> idents;
  for (int i = 0; i < 200; ++i) {
    Thread thread([] {});
    thread.start();
    thread.join();
    EXPECT_TRUE(idents.insert(thread.ident()).second);
  }
}

TEST(Thread, TheNativeIdIsTheKernels) {
  long seen = 0;
  Thread thread([&] { seen = syscall(SYS_gettid); });
  thread.start();
  thread.join();
  EXPECT_EQ(thread.native_id(), seen);
}

TEST(Thread, HasANameOfItsOwnOrTheOneItWasGiven) {
  const Thread first([] {});
  const Thread second([] {});
  EXPECT_EQ(first.name().rfind("Thread-", 0), 0U);
  EXPECT_NE(first.name(), second.name());
  std::string seen_by_kernel;
  const auto look = [&] {
    char name[16] = {};
    pthread_getname_np(pthread_self(), name, sizeof name);
    seen_by_kernel = name;
  };
  Thread named({.name = "a name of more than fifteen bytes", .daemon = {}}, look);
  EXPECT_EQ(named.name(), "a name of more than fifteen bytes");
  named.start();
  named.join();
  EXPECT_EQ(seen_by_kernel, "a name of more ");
  Thread renamed(look);
  renamed.set_name("other");
  EXPECT_EQ(renamed.name(), "other");
  renamed.start();
  renamed.join();
  EXPECT_EQ(seen_by_kernel, "other");
}

TEST(Thread, KnowsTheCurrentOneAndHowManyThereAre) {
  EXPECT_EQ(Thread::current(), nullptr) << "not started by a Thread";
  const std::size_t before = Thread::active_count();
  Event finish;
  Thread* seen = nullptr;
  Thread thread([&] {
    seen = Thread::current();
    finish.wait();
  });
  EXPECT_EQ(Thread::active_count(), before);
  thread.start();
  EXPECT_EQ(Thread::active_count(), before + 1);
  finish.set();
  thread.join();
  EXPECT_EQ(seen, &thread);
  EXPECT_EQ(Thread::active_count(), before);
}

// LK17: its object is destroyed while it ends.
TEST(Thread, ADaemonRunsOnWhenItsObjectIsGone) {
  check([](weft::Run& run) {
    auto go_on = std::make_shared<Event>();
    auto done = std::make_shared<Event>();
    {
      Thread thread({.name = "", .daemon = true}, [go_on, done] {
        go_on->wait();
        if (Thread::current() == nullptr) done->set();
      });
      thread.start();
    }
    go_on->set();
    done->wait();
    run.require(done->is_set(), "it ran on");
  });
}

TEST(Thread, IsADaemonIfItsMakerIsOne) {
  EXPECT_FALSE(Thread([] {}).daemon());
  std::vector<bool> made;
  Event done;
  Thread maker({.name = "", .daemon = true}, [&] {
    made = {Thread([] {}).daemon(), Thread({.name = "", .daemon = false}, [] {}).daemon()};
    done.set();
  });
  maker.start();
  done.wait();
  maker.join();
  EXPECT_EQ(made, (std::vector<bool>{true, false}));
  Thread thread([] {});
  thread.set_daemon(true);
  EXPECT_TRUE(thread.daemon());
  thread.set_daemon(false);
  thread.start();
  EXPECT_EQ(message_of<RuntimeError>([&] { thread.set_daemon(true); }),
            "Thread::set_daemon: the thread was started already");
}

}  // namespace
}  // namespace weft
