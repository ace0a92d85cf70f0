// Guarantees of progress, each with calls that keep it and calls that do not; and the strategy that
// stops threads against one that does not.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

#include "stress/explore/explore.h"
#include "stress/explore/explored_for_test.h"
#include "stress/explore/guarantee.h"
#include "stress/explore/random_walk.h"
#include "stress/explore/replay.h"
#include "stress/explore/stops.h"

namespace weft::explore {
namespace {

constexpr Guarantee kObstructionFree{Guarantee::Kind::kObstructionFree, 50};
constexpr Guarantee kLockFree{Guarantee::Kind::kLockFree, 50};
constexpr Guarantee kWaitFree{Guarantee::Kind::kWaitFree, 50};
constexpr Guarantee kEach[] = {kObstructionFree, kLockFree, kWaitFree};

template <class F>
void call(const F& function) {
  begin_call();
  function();
  end_call();
}

template <class A, class B>
auto two_threads(const A& one, const B& other) {
  return [=](auto& shared) {
    std::thread first([&] { call([&] { one(shared); }); });
    std::thread second([&] { call([&] { other(shared); }); });
    first.join();
    second.join();
  };
}

// How many of so many executions of `body`, which takes a new Shared, find that there is no
// progress. Each that does so is found again by its decisions.
template <class Shared, class Body>
unsigned found(const Body& body, Strategy& strategy, const Guarantee& guarantee,
               unsigned executions = 200) {
  const auto with_its_own = [&] {
    Shared shared{};
    body(shared);
  };
  unsigned count = 0;
  for (std::uint64_t seed = 1; seed <= executions; ++seed) {
    const auto one = explore_once(with_its_own, strategy, seed, {.guarantee = guarantee});
    if (one.finding == Finding::kNone) continue;
    EXPECT_EQ(one.finding, Finding::kNoProgress) << name_of(one.finding);
    ++count;
    const std::string text = last_outcome().text;
    Replay replay;
    for (unsigned i = 0; i < decision_count(); ++i) replay.add(decision(i));
    explore_once(with_its_own, replay, seed, {.record = true, .guarantee = guarantee});
    EXPECT_EQ(last_outcome().text, text);
  }
  return count;
}

using Number = std::atomic<int>;

TEST(Progress, AnAdditionKeepsAll) {
  const auto body = two_threads([](Number& n) { ++n; }, [](Number& n) { ++n; });
  RandomWalk walk;
  for (const Guarantee& each : kEach) EXPECT_EQ(found<Number>(body, walk, each), 0u);
}

struct Locked {
  std::mutex mutex;
  int number = 0;
  void add() {
    const std::scoped_lock hold(mutex);
    ++number;
  }
};

TEST(Progress, AMutexKeepsNone) {
  const auto body = two_threads([](Locked& l) { l.add(); }, [](Locked& l) { l.add(); });
  RandomWalk walk;
  for (const Guarantee& each : kEach) EXPECT_GT(found<Locked>(body, walk, each), 0u);
}

TEST(Progress, NobodyAsksForWhatNobodyPromised) {
  const auto body = two_threads([](Locked& l) { l.add(); }, [](Locked& l) { l.add(); });
  RandomWalk walk;
  EXPECT_EQ(found<Locked>(body, walk, {}), 0u);
}

TEST(Progress, OutsideOfCallsThreadsMayWait) {
  const auto body = [](Locked& l) {
    std::thread first([&] { l.add(); });
    std::thread second([&] {
      call([] {});
      l.add();
    });
    first.join();
    second.join();
  };
  RandomWalk walk;
  for (const Guarantee& each : kEach) EXPECT_EQ(found<Locked>(body, walk, each), 0u);
}

TEST(Progress, AWaitThatTimeEndsIsNone) {
  const auto use = [](std::timed_mutex& m) {
    if (m.try_lock_for(std::chrono::milliseconds(1))) m.unlock();
  };
  RandomWalk walk;
  EXPECT_EQ(found<std::timed_mutex>(two_threads(use, use), walk, kLockFree), 0u);
}

TEST(Progress, WhoSpinsOnAFlagKeepsNone) {
  const auto spin = [](Number& n) {
    while (n == 0) {
    }
  };
  const auto yield = [](Number& n) {
    while (n == 0) std::this_thread::yield();
  };
  RandomWalk walk;
  for (const Guarantee& each : kEach) {
    EXPECT_GT(found<Number>(two_threads(spin, [](Number& n) { n = 1; }), walk, each), 0u);
    EXPECT_GT(found<Number>(two_threads(yield, [](Number& n) { n = 1; }), walk, each), 0u);
  }
}

// A call tries again as often as another thread's `disturb`, sixty times, changes the number.
template <class Disturb>
auto disturbed(Disturb disturb) {
  return [=](Number& number) {
    std::thread slow([&] {
      call([&] {
        int seen = number;
        while (!number.compare_exchange_strong(seen, seen + 1)) {
        }
      });
    });
    std::thread fast([&] {
      for (int i = 0; i < 60; ++i) disturb(number);
    });
    slow.join();
    fast.join();
  };
}

void add(Number& number) { number = number + 1; }

TEST(Progress, WhoTriesAgainIsLockFreeButNotWaitFree) {
  constexpr Guarantee kSoon{Guarantee::Kind::kWaitFree, 4};
  constexpr Guarantee kSomebodySoon{Guarantee::Kind::kLockFree, 8};
  constexpr Guarantee kAloneSoon{Guarantee::Kind::kObstructionFree, 4};
  RandomWalk walk;
  // It has not come to its end; but others have.
  const auto overtaken = disturbed([](Number& number) { call([&] { add(number); }); });
  EXPECT_GT(found<Number>(overtaken, walk, kSoon), 0u);
  EXPECT_EQ(found<Number>(overtaken, walk, kSomebodySoon), 0u);
  EXPECT_EQ(found<Number>(overtaken, walk, kAloneSoon), 0u);
}

TEST(Progress, WhoIsDisturbedFromOutsideOfCallsIsNotAlone) {
  constexpr Guarantee kSoon{Guarantee::Kind::kWaitFree, 4};
  constexpr Guarantee kAloneSoon{Guarantee::Kind::kObstructionFree, 4};
  RandomWalk walk;
  const auto body = disturbed(add);
  EXPECT_GT(found<Number>(body, walk, kSoon), 0u) << "it is not disturbed enough";
  EXPECT_EQ(found<Number>(body, walk, kAloneSoon), 0u);
}

TEST(Progress, CallsThatPromiseNothingReturnAllTheSame) {
  constexpr Guarantee kSomebodySoon{Guarantee::Kind::kLockFree, 4};
  RandomWalk walk;
  EXPECT_GT(found<Number>(disturbed(add), walk, kSomebodySoon), 0u) << "no call returns";
  const auto returns = [](Number& number) {
    add(number);
    end_call();
  };
  EXPECT_EQ(found<Number>(disturbed(returns), walk, kSomebodySoon), 0u);
}

// Each undoes what the other has done, and nobody comes to an end while both run; alone each does.
void stepping_aside(Number& owner) {
  const auto take = [&](int me) {
    call([&] {
      for (;;) {
        owner = me;
        if (owner != me) continue;
        if (owner == me) return;
      }
    });
  };
  std::thread first(take, 1);
  std::thread second(take, 2);
  first.join();
  second.join();
}

TEST(Progress, WhoStepsAsideIsObstructionFreeButNotLockFree) {
  constexpr Guarantee kSomebody{Guarantee::Kind::kLockFree, 12};
  constexpr Guarantee kAlone{Guarantee::Kind::kObstructionFree, 12};
  RandomWalk walk;
  EXPECT_GT(found<Number>(stepping_aside, walk, kSomebody, 2000), 0u);
  EXPECT_EQ(found<Number>(stepping_aside, walk, kAlone, 2000), 0u);
}

// A lock that counts those who come to it: a thread that waits for it changes something with each
// look, so it is nobody who spins, and it takes a long run alone to see that it waits.
struct CountingLock {
  std::atomic<bool> held{false};
  std::atomic<unsigned> looks{0};
  void add() {
    while (held.exchange(true)) ++looks;
    held = false;
  }
};

TEST(Progress, StoppingThreadsFindsWhatARandomWalkDoesNot) {
  const auto body = two_threads([](CountingLock& l) { l.add(); }, [](CountingLock& l) { l.add(); });
  RandomWalk walk;
  Stops stops;
  for (const Guarantee& each : {kObstructionFree, kLockFree}) {
    EXPECT_EQ(found<CountingLock>(body, walk, each), 0u);
    EXPECT_GT(found<CountingLock>(body, stops, each), 10u);
  }
}

TEST(Progress, WhoWasStoppedGoesOnWhenNobodyElseCan) {
  const auto body = two_threads([](Locked& l) { l.add(); }, [](Locked& l) { l.add(); });
  Stops stops;
  EXPECT_EQ(found<Locked>(body, stops, {}), 0u);
}

}  // namespace
}  // namespace weft::explore
