#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

#include "benchmarks/tour/checks.h"
#include "primitives/annotate.h"
#include "primitives/threading/barrier.h"
#include "primitives/threading/event.h"
#include "primitives/threading/lock.h"
#include "primitives/threading/thread.h"
#include "primitives/threading/thread_local.h"
#include "primitives/threading/timer.h"

namespace weft::tour {
namespace {

void event_tells_all(Run& run) {
  Event event;
  int message = 0;  // ordered by the event alone
  for (int i = 0; i < 3; ++i) {
    run.thread("waiter " + std::to_string(i), [&] {
      event.wait();
      run.require(message == 42, "a waiter did not see what was written before set()");
    });
  }
  run.thread("setter", [&] {
    message = 42;
    event.set();
  });
  run.join();
}

// Two events as turns: who waits for a turn clears it before the other can give it again.
void event_alternates(Run& run) {
  constexpr int kRounds = 10;
  Event ping;
  Event pong;
  std::string said;
  run.thread("ping", [&] {
    for (int round = 0; round < kRounds; ++round) {
      said += 'i';
      ping.set();
      pong.wait();
      pong.clear();
    }
  });
  run.thread("pong", [&] {
    for (int round = 0; round < kRounds; ++round) {
      ping.wait();
      ping.clear();
      said += 'o';
      pong.set();
    }
  });
  run.join();
  std::string expected;
  for (int round = 0; round < kRounds; ++round) expected += "io";
  run.require(said == expected, "they did not take turns: " + said);
}

void barrier_holds_back(Run& run) {
  constexpr std::size_t kParties = 3;
  constexpr int kRounds = 5;
  Barrier barrier(kParties);
  Lock lock;
  std::vector<int> arrived(kRounds, 0);
  std::vector<std::vector<int>> indices(kRounds, std::vector<int>(kParties, 0));
  for (std::size_t i = 0; i < kParties; ++i) {
    run.thread([&] {
      for (int round = 0; round < kRounds; ++round) {
        {
          std::scoped_lock hold(lock);
          ++arrived[round];
        }
        const std::size_t index = barrier.wait();
        std::scoped_lock hold(lock);
        run.require(arrived[round] == kParties, "a thread left the round before all had come");
        ++indices[round].at(index);
      }
    });
  }
  run.join();
  for (const auto& of_round : indices) {
    for (const int times : of_round) run.require(times == 1, "an index was given twice or never");
  }
}

// The function and the cancellation meet; whoever wins, the other must know.
void timer_fires_or_not(Run& run) {
  int fired = 0;
  Timer timer(std::chrono::microseconds(50), [&] {
    annotate::point("in the timer's function");
    ++fired;
  });
  timer.start();
  annotate::point("before cancel");
  const CancelResult result = timer.cancel();
  timer.join();
  if (result == CancelResult::kCancelled) {
    run.require(fired == 0, "the function ran although it was cancelled");
  } else {
    run.require(fired == 1, "the function ran " + std::to_string(fired) + " times");
  }
}

void join_sees_all(Run& run) {
  std::string said;  // written by the thread, read after join()
  Thread thread([&] { said = "done"; });
  run.require(!thread.is_alive(), "alive before start()");
  thread.start();
  thread.join();
  run.require(!thread.is_alive(), "alive after join()");
  run.require(said == "done", "join() returned before the thread's work was to be seen");
}

void thread_local_is_apart(Run& run) {
  const ThreadLocal<int> mine([] { return 7; });
  for (int i = 0; i < 3; ++i) {
    run.thread([&run, &mine, i] {
      run.require(mine.get() == 7, "a thread began with another's value");
      mine.get() = 100 + i;
      annotate::point("between write and read");
      run.require(mine.get() == 100 + i, "a thread saw another's value");
    });
  }
  run.join();
}

}  // namespace

std::vector<Check> meeting_checks() {
  return {
      {"Event", "set() frees all who wait, and they see what came before it", event_tells_all},
      {"Event, as a turn", "two threads that answer each other take strict turns",
       event_alternates},
      {"Barrier", "nobody leaves a round before all have come, and indices differ",
       barrier_holds_back},
      {"Timer", "the function runs once, or cancel() said that it will not", timer_fires_or_not},
      {"Thread", "join() returns after the thread's work, and shows all of it", join_sees_all},
      {"ThreadLocal", "each thread has a value of its own", thread_local_is_apart},
  };
}

}  // namespace weft::tour
