// What holds of the scheduler when several threads enter, cancel and run, in whatever order.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <vector>

#include "primitives/sched/scheduler.h"
#include "primitives/threading/barrier.h"
#include "primitives/threading/event.h"
#include "stress/check.h"
#include "stress/sched/fake_clock.h"
#include "stress/threading/support.h"

namespace weft {
namespace {

using testing_sched::FakeClock;
using testing_threads::Doomed;
using namespace std::chrono_literals;

// An hour is not to end a wait, though the explorer's threads may be slower than that.
const Options kPatiently{.patient = true};

TEST(SchedulerAmongThreads, EachEventIsCalledOnceWhoeverEntersAndRuns) {
  check([](weft::Run& run) {
    constexpr int kEach = 5;
    Scheduler scheduler;
    std::array<std::atomic<int>, 2 * kEach> calls{};
    for (std::size_t i : {0, kEach}) {
      run.thread([&, i] {
        for (std::size_t j = i; j < i + kEach; ++j) scheduler.enter(0s, 1, [&, j] { ++calls[j]; });
      });
    }
    for (int i = 0; i < 2; ++i) run.thread([&] { scheduler.run(); });
    run.join();
    scheduler.check_invariants();
    scheduler.run();  // what was entered after both had found nothing
    for (const auto& of_event : calls) run.require(of_event == 1, "each event is called once");
  });
}

TEST(SchedulerAmongThreads, WhatWasDoneBeforeEnterIsVisibleToTheActionAndItsWorkAfterRun) {
  check([](weft::Run& run) {
    Scheduler scheduler;
    int given = 0;  // these three are not atomic: the scheduler alone orders the threads
    int made = 0;
    int seen = 0;
    run.thread([&] {
      given = 1;
      scheduler.enter(0s, 1, [&] { made = given + 1; });
    });
    run.thread([&] {
      while (scheduler.empty()) std::this_thread::yield();
      scheduler.run();
      seen = made;
    });
    run.join();
    run.require(seen == 2, "each saw what the other did");
  });
}

// TM1
TEST(SchedulerAmongThreads, ACancelThatMeetsTheCallSaysWhichCameFirst) {
  check([](weft::Run& run) {
    Scheduler scheduler;
    std::atomic<int> calls{0};
    const auto event = scheduler.enter(0s, 1, [&] { ++calls; });
    std::array<CancelResult, 2> results{};
    for (CancelResult& result : results) run.thread([&] { result = scheduler.cancel(event); });
    run.thread([&] { scheduler.run(); });
    run.join();
    int cancelled = 0;
    for (const CancelResult result : results) {
      cancelled += result == CancelResult::kCancelled ? 1 : 0;
    }
    run.require(calls + cancelled == 1, "called or cancelled, and one cancel says so");
    run.require(scheduler.cancel(event) == CancelResult::kTooLate, "it is over in any case");
    scheduler.check_invariants();
  });
}

// TM1
TEST(SchedulerAmongThreads, AfterCancelAndWaitNothingOfTheActionRunsAnyMore) {
  check([](weft::Run& run) {
    Scheduler scheduler;
    auto used = std::make_unique<Doomed<int>>(0);
    int& count = **used;
    const auto event = scheduler.enter(0s, 1, [&count] {
      ++count;
      std::this_thread::yield();
      ++count;
    });
    run.thread([&] { scheduler.run(); });
    run.thread([&] {
      const CancelResult result = scheduler.cancel_and_wait(event);
      run.require(result != CancelResult::kRunning, "it has waited");
      run.require(count == (result == CancelResult::kCancelled ? 0 : 2), "all of it or nothing");
      used->end();
    });
    run.join();
  });
}

TEST(SchedulerAmongThreads, AnEarlierEventWakesTheThreadThatSleeps) {
  check(
      [](weft::Run& run) {
        Scheduler scheduler;
        std::vector<int> order;  // of one thread: the one that runs
        const auto far = scheduler.enter(1h, 1, [&] { order.push_back(2); });
        run.thread([&] { scheduler.run(); });
        run.thread([&] {
          scheduler.enter(0s, 1, [&] {
            order.push_back(1);
            scheduler.cancel(far);
          });
        });
        run.join();
        run.require(order == std::vector<int>{1}, "the earlier one came first, at once");
      },
      kPatiently);
}

TEST(SchedulerAmongThreads, CancellingTheLastEventLetsAllRunnersReturn) {
  check(
      [](weft::Run& run) {
        Scheduler scheduler;
        bool called = false;
        const auto event = scheduler.enter(1h, 1, [&] { called = true; });
        for (int i = 0; i < 2; ++i) run.thread([&] { scheduler.run(); });
        run.thread([&] { scheduler.cancel(event); });
        run.join();
        run.require(!called, "nobody waited an hour");
        scheduler.check_invariants();
      },
      kPatiently);
}

TEST(SchedulerAmongThreads, CallingTheLastEventLetsAllRunnersReturn) {
  check(
      [](weft::Run& run) {
        Scheduler scheduler;
        Event others_returned;
        std::atomic<int> returned{0};
        scheduler.enter(1ms, 1, [&] { others_returned.wait(); });
        for (int i = 0; i < 3; ++i) {
          run.thread([&] {
            scheduler.run();
            if (++returned == 2) others_returned.set();
          });
        }
        run.join();
      },
      kPatiently);
}

// Both sleep; the two events, which need each other, come while they do. One alone would call the
// first and wait in it for ever.
TEST(SchedulerAmongThreads, ActionsOfTwoRunnersOverlap) {
  check(
      [](weft::Run& run) {
        Scheduler scheduler;
        Barrier both(2);
        const auto far = scheduler.enter(1h, 1, [] {});
        for (int i = 0; i < 2; ++i) run.thread([&] { scheduler.run(); });
        run.thread([&] {
          std::atomic<int> calls{0};
          const auto action = [&] {
            both.wait();
            ++calls;
          };
          scheduler.enter(0s, 1, action);
          scheduler.enter(0s, 1, action);
          while (calls < 2) std::this_thread::yield();
          scheduler.cancel(far);
        });
        run.join();
      },
      kPatiently);
}

// The one that sleeps until the next event goes away, for whatever reason; the other one, which had
// left that to it, takes its place.
TEST(SchedulerAmongThreads, AStoppedRunnerPassesOnTheLead) {
  check(
      [](weft::Run& run) {
        Scheduler scheduler;
        std::stop_source stop;
        bool called = false;
        const auto far = scheduler.enter(1h, 1, [] {});
        run.thread("may be stopped", [&] {
          if (!scheduler.run(stop.get_token())) return;
          run.require(scheduler.empty(), "true says that nothing is pending");
        });
        run.thread("runs on", [&] { scheduler.run(); });
        run.thread("stops", [&] {
          stop.request_stop();
          scheduler.enter(0s, 1, [&] {
            called = true;
            scheduler.cancel(far);
          });
        });
        run.join();
        run.require(called, "the other one called it");
      },
      kPatiently);
}

TEST(SchedulerAmongThreads, AStopEndsASleepAndLeavesTheEvent) {
  check(
      [](weft::Run& run) {
        Scheduler scheduler;
        std::stop_source stop;
        scheduler.enter(1h, 1, [&] { run.fail("nobody waits an hour"); });
        for (int i = 0; i < 2; ++i) {
          run.thread([&] {
            run.require(!scheduler.run(stop.get_token()), "false says that it was stopped");
          });
        }
        run.thread([&] { stop.request_stop(); });
        run.join();
        run.require(scheduler.size() == 1, "the event is left");
        scheduler.check_invariants();
      },
      kPatiently);
}

// TM4
TEST(SchedulerAmongThreads, ARunnerWhoseActionThrowsPassesOnTheLead) {
  check(
      [](weft::Run& run) {
        Scheduler scheduler;
        std::atomic<int> thrown{0};
        std::atomic<int> calls{0};
        const auto far = scheduler.enter(1h, 1, [] {});
        for (int i = 0; i < 2; ++i) {
          run.thread([&] {
            try {
              scheduler.run();
            } catch (const std::out_of_range&) {
              ++thrown;
            }
          });
        }
        run.thread([&] {
          scheduler.enter(0s, 1, [] { throw std::out_of_range("too far"); });
          scheduler.enter(0s, 2, [&] {
            ++calls;
            scheduler.cancel(far);
          });
        });
        run.join();
        run.require(thrown == 1, "it comes out of the run that called it");
        run.require(calls == 1, "the other one called the other event");
      },
      kPatiently);
}

// TM2
TEST(SchedulerAmongThreads, AnEventThatEntersItselfAgainEndsWhenItsSuccessorIsCancelled) {
  check([](weft::Run& run) {
    FakeClock clock;
    // Lets the other thread have the mutex, which the ticks take again and again.
    Scheduler scheduler(clock.time(), [&clock](Scheduler::Duration by) {
      clock.advance(by);
      std::this_thread::yield();
    });
    std::mutex mutex;
    bool stopped = false;  // these two guarded by mutex
    Scheduler::Event next;
    int ticks = 0;  // of the thread that runs
    const std::function<void()> tick = [&] {
      ++ticks;
      std::scoped_lock hold(mutex);
      if (!stopped) next = scheduler.enter(1s, 1, std::ref(tick));
    };
    next = scheduler.enter(1s, 1, std::ref(tick));
    CancelResult result{};
    run.thread([&] { scheduler.run(); });
    run.thread([&] {
      std::scoped_lock hold(mutex);
      stopped = true;
      result = scheduler.cancel(next);
    });
    run.join();
    run.require(result != CancelResult::kTooLate, "somebody is always pending or running");
    run.require(ticks > 0 || result == CancelResult::kCancelled, "the first one ran or not");
    run.require(scheduler.empty(), "it has not entered itself once more");
  });
}

TEST(SchedulerAmongThreads, ThreadsMayLookWhileOthersRun) {
  check([](weft::Run& run) {
    Scheduler scheduler;
    for (int i = 0; i < 3; ++i) scheduler.enter(0s, i, [] {});
    run.thread([&] { scheduler.run(); });
    run.thread([&] {
      const auto queue = scheduler.queue();
      run.require(queue.size() <= 3, "no more than were entered");
      for (std::size_t i = 1; i < queue.size(); ++i) {
        run.require(queue[i - 1].priority < queue[i].priority, "in order");
      }
      run.require(scheduler.size() <= 3, "no more than were entered");
      scheduler.check_invariants();
    });
    run.join();
    run.require(scheduler.empty(), "all were called");
  });
}

}  // namespace
}  // namespace weft
