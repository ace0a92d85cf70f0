// Executions that do not end, and those that only look so.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "primitives/annotate.h"
#include "stress/run/search.h"
#include "stress/run/tasks.h"
#include "stress/run/text_for_test.h"

namespace weft {
namespace {

using namespace std::chrono_literals;

struct Fork {
  std::mutex mutex;
  void lock() {
    annotate::waiting(this, "fork");
    mutex.lock();
    annotate::acquired(this, "fork");
  }
  void unlock() {
    mutex.unlock();
    annotate::released(this, "fork");
  }
};

__attribute__((noinline)) void eat_with(Fork& first, Fork& second) {
  first.lock();
  second.lock();
  second.unlock();
  first.unlock();
}

TEST(Hang, ADeadlockIsAHangWithStacksAndHolders) {
  const Body dine = [](weft::Run& run) {
    Fork left, right;
    annotate::named(&left, "left");
    annotate::named(&right, "right");
    run.thread("Ada", [&] { eat_with(left, right); });
    run.thread("Bob", [&] { eat_with(right, left); });
    run.join();
  };
  const Report report = search_for(Kind::kHang, "dinner", dine, {.hang_after = 300ms});
  ASSERT_TRUE(report.violation) << report.summary();
  ASSERT_EQ(report.violation->kind, Kind::kHang) << report.text();
  const std::string& text = report.violation->text;
  EXPECT_TRUE(contains(text, "Ada waits for fork 'right' held by Bob")) << text;
  EXPECT_TRUE(contains(text, "Bob waits for fork 'left' held by Ada")) << text;
  std::set<std::string> names;
  for (const ThreadDump& thread : report.violation->threads) {
    names.insert(thread.name);
    EXPECT_EQ(thread.state, "asleep");
    if (thread.name == "body") continue;
    std::string frames;
    for (const auto& frame : thread.frames) frames += frame + "\n";
    EXPECT_TRUE(contains(frames, "eat_with")) << thread.name << "\n" << frames;
    EXPECT_EQ(thread.holds,
              std::vector<std::string>{thread.name == "Ada" ? "fork 'left'" : "fork 'right'"});
  }
  EXPECT_EQ(names, (std::set<std::string>{"body", "Ada", "Bob"}));
}

TEST(Hang, ALockWithoutAnOwnerIsForgottenByItsHolderWhenAnotherThreadReleasesIt) {
  const Report report = search_for(Kind::kHang, "handed over",
                                   [](weft::Run& run) {
                                     static int lock;
                                     static int other;
                                     std::atomic<int> step{0};
                                     run.thread("taker", [&] {
                                       annotate::acquired(&lock, "lock");
                                       annotate::acquired(&other, "lock");
                                       step = 1;
                                       while (step < 2) std::this_thread::yield();
                                       step.wait(2);
                                     });
                                     run.thread("giver", [&] {
                                       while (step < 1) std::this_thread::yield();
                                       annotate::released(&lock, "lock");
                                       step = 2;
                                     });
                                     run.join();
                                   },
                                   {.hang_after = 300ms, .perturb = kPlain});
  ASSERT_TRUE(report.violation && report.violation->kind == Kind::kHang) << report.text();
  for (const ThreadDump& thread : report.violation->threads) {
    if (thread.name == "taker") EXPECT_EQ(thread.holds.size(), 1u);
  }
}

TEST(Hang, ALivelockIsFoundWhileItsThreadsRun) {
  const Report report = search_for(Kind::kLivelock, "spin",
                                   [](weft::Run& run) {
                                     std::atomic<bool> stop{false};
                                     run.thread("spinner", [&] {
                                       while (!stop) annotate::point("again");
                                     });
                                     run.join();
                                   },
                                   {.livelock_after = 600ms});
  EXPECT_EQ(report.violation->kind, Kind::kLivelock) << report.text();
}

TEST(Hang, ASpinningThreadThatIsLeftBehindStopsAtItsNextHook) {
  static std::atomic<int> tid;
  search("spin",
         [](weft::Run& run) {
           run.thread([] {
             tid = gettid();
             while (true) annotate::point("again");
           });
           run.join();
         },
         {.livelock_after = 300ms, .perturb = kPlain});
  // Ends when the thread is asleep for good; the test's timeout says if it never is.
  const auto state = [] {
    for (const internal::Task& task : internal::tasks_now()) {
      if (task.tid == tid) return task.state;
    }
    return '?';
  };
  while (tid != 0 && state() == 'R') std::this_thread::yield();
  // On a machine so busy that it had not even started, it never does.
  EXPECT_TRUE(tid == 0 || state() == 'S');
}

TEST(Hang, PollingForEverIsALivelockNotAHang) {
  const Report report = search_for(Kind::kLivelock, "poll",
                                   [](weft::Run& run) {
                                     std::atomic<bool> stop{false};
                                     run.thread([&] {
                                       // tidy-allow(sleep): polling is the specimen
                                       while (!stop) std::this_thread::sleep_for(5ms);
                                     });
                                     run.join();
                                   },
                                   {.hang_after = 300ms, .livelock_after = 1200ms});
  EXPECT_EQ(report.violation->kind, Kind::kLivelock) << report.text();
}

TEST(Hang, ATimedWaitShorterThanTheLimitIsNoHang) {
  const Report report = search("waits",
                               [](weft::Run& run) {
                                 std::mutex mutex;
                                 std::condition_variable never;
                                 run.thread([&] {
                                   std::unique_lock lock(mutex);
                                   for (int i = 0; i < 4; ++i) never.wait_for(lock, 200ms);
                                 });
                                 run.join();
                               },
                               {.executions = 1, .hang_after = 500ms});
  EXPECT_EQ(text_of(report), "nothing");
}

TEST(Hang, StarvedThreadsAreNoHang) {
  // Sixteen threads on one core: each waits for it far longer than it runs.
  const Report report = search("starved",
                               [](weft::Run& run) {
                                 std::atomic<int> ended{0};
                                 for (int i = 0; i < 16; ++i) {
                                   run.thread([&] {
                                     const auto end = std::chrono::steady_clock::now() + 600ms;
                                     while (std::chrono::steady_clock::now() < end) {
                                     }
                                     ++ended;
                                   });
                                 }
                                 run.join();
                                 run.require(ended == 16, "a thread was lost");
                               },
                               {.executions = 1, .hang_after = 200ms, .perturb = kPin});
  EXPECT_EQ(text_of(report), "nothing");
}

TEST(Hang, AHangAfterAViolationDoesNotHideIt) {
  const Report report = search_for(Kind::kAssertion, "both",
                                   [](weft::Run& run) {
                                     run.fail("first");
                                     std::atomic<int> never{0};
                                     never.wait(0);
                                   },
                                   {.hang_after = 200ms});
  EXPECT_EQ(text_of(report), "assertion: first");
  ASSERT_EQ(report.also.size(), 1u);
  EXPECT_EQ(report.also[0].kind, Kind::kHang);
}

}  // namespace
}  // namespace weft
