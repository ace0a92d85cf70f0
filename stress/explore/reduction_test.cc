// Sleep sets leave out executions, never outcomes: over random tiny programs the exhaustive
// strategy with them reaches exactly the outcomes that it reaches without them, and no random walk
// reaches another.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <semaphore>
#include <set>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

#include "stress/explore/exhaustive.h"
#include "stress/explore/explore.h"
#include "stress/explore/random_walk.h"
#include "stress/run/random.h"

namespace weft::explore {
namespace {

enum class Call {
  kLoad,
  kStore,
  kAdd,
  kExchangeIfOne,
  kLockedAdd,
  kTryLockedAdd,
  kSharedRead,
  kExclusiveAdd,
  kNotifyOne,
  kWaitWhileZero,
  kPost,
  kTake,
  kTimedTake,
  kYield,
  kCount,
};

struct Step {
  Call call;
  unsigned object;  // which of the two of its kind
};

using Program = std::vector<std::vector<Step>>;  // of each thread

// What the program's threads share, and what they saw.
struct World {
  std::array<std::atomic<int>, 2> atomics{};
  std::array<std::mutex, 2> mutexes;
  std::array<std::shared_mutex, 2> shared_mutexes;
  std::array<std::condition_variable, 2> conditions;
  std::array<std::counting_semaphore<>, 2> semaphores{std::counting_semaphore<>(0),
                                                      std::counting_semaphore<>(1)};
  std::array<int, 2> guarded{};
  std::array<int, 2> read_mostly{};
  std::array<std::string, 3> seen;
};

void note(World& world, unsigned thread, int value) {
  world.seen[thread] += static_cast<char>('0' + value);
}

void perform(World& world, unsigned thread, const Step& step) {
  const unsigned i = step.object;
  int expected = 1;
  switch (step.call) {
    case Call::kLoad:
      return note(world, thread, world.atomics[i].load());
    case Call::kStore:
      return world.atomics[i].store(static_cast<int>(thread) + 1);
    case Call::kAdd:
      return note(world, thread, world.atomics[i].fetch_add(1));
    case Call::kExchangeIfOne:
      return note(world, thread, world.atomics[i].compare_exchange_strong(expected, 5) ? 1 : 0);
    case Call::kLockedAdd: {
      const std::lock_guard lock(world.mutexes[i]);
      return note(world, thread, world.guarded[i]++);
    }
    case Call::kTryLockedAdd: {
      const std::unique_lock lock(world.mutexes[i], std::try_to_lock);
      return note(world, thread, lock.owns_lock() ? world.guarded[i]++ : 9);
    }
    case Call::kSharedRead: {
      const std::shared_lock lock(world.shared_mutexes[i]);
      return note(world, thread, world.read_mostly[i]);
    }
    case Call::kExclusiveAdd: {
      const std::lock_guard lock(world.shared_mutexes[i]);
      return note(world, thread, world.read_mostly[i]++);
    }
    case Call::kNotifyOne: {
      {
        const std::lock_guard lock(world.mutexes[i]);
        ++world.guarded[i];
      }
      return world.conditions[i].notify_one();
    }
    case Call::kWaitWhileZero: {
      std::unique_lock lock(world.mutexes[i]);
      if (world.guarded[i] == 0) world.conditions[i].wait(lock);
      return note(world, thread, world.guarded[i]);
    }
    case Call::kPost:
      return world.semaphores[i].release();
    case Call::kTake:
      return world.semaphores[i].acquire();
    case Call::kTimedTake:
      return note(world, thread,
                  world.semaphores[i].try_acquire_for(std::chrono::milliseconds(1)) ? 1 : 0);
    case Call::kYield:
      return std::this_thread::yield();
    case Call::kCount:
      break;
  }
}

struct Execution {
  const Program* program;
  std::string outcome;
};

void run(void* argument) {
  auto& execution = *static_cast<Execution*>(argument);
  const Program& program = *execution.program;
  World world;
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < program.size(); ++t) {
    threads.emplace_back([&world, &program, t] {
      for (const Step& step : program[t]) perform(world, t, step);
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::string text;
  for (const std::string& seen : world.seen) text += seen + "/";
  for (const auto& atomic : world.atomics) text += std::to_string(atomic.load()) + " ";
  const Outside outside;  // what is kept outlives the execution
  execution.outcome = std::string(text.c_str());
}

// The outcome of an execution: what its threads saw, or how it ended.
std::string outcome_of(const Program& program, Strategy& strategy, std::uint64_t seed) {
  Execution execution{&program, ""};
  const Outcome& outcome = execute(run, &execution, strategy, seed, {.spurious = 0});
  return outcome.finding == Finding::kNone ? execution.outcome : name_of(outcome.finding);
}

constexpr int kMostExecutions = 15'000;

// Nothing if there are too many.
std::set<std::string> all_outcomes(const Program& program, Exhaustive::Reduction reduction,
                                   int& executions) {
  Exhaustive strategy(Exhaustive::kNoBound, reduction);
  std::set<std::string> outcomes;
  for (executions = 1;; ++executions) {
    // What a redundant execution shows must have been shown by another.
    const std::string outcome = outcome_of(program, strategy, 0);
    if (!strategy.is_redundant()) outcomes.insert(outcome);
    if (strategy.end()) return outcomes;
    if (executions == kMostExecutions) return {};
  }
}

Program random_program(Random& random) {
  Program program(2 + random.below(2));
  for (auto& thread : program) {
    const auto steps = program.size() == 2 ? 1 + random.below(3) : 1 + random.below(2);
    for (unsigned i = 0; i < steps; ++i) {
      thread.push_back({static_cast<Call>(random.below(static_cast<unsigned>(Call::kCount))),
                        static_cast<unsigned>(random.below(2))});
    }
  }
  return program;
}

std::string to_string(const Program& program) {
  std::string text;
  for (const auto& thread : program) {
    for (const Step& step : thread) {
      text += std::to_string(static_cast<int>(step.call)) + ":" + std::to_string(step.object) + " ";
    }
    text += "| ";
  }
  return text;
}

struct Compared {
  bool judged = false;  // not too many executions
  bool saved = false;   // sleep sets left something out
};

Compared compare(const Program& program) {
  int all = 0;
  const auto expected = all_outcomes(program, Exhaustive::Reduction::kNone, all);
  if (expected.empty()) return {};
  int reduced = 0;
  const auto outcomes = all_outcomes(program, Exhaustive::Reduction::kSleepSets, reduced);
  EXPECT_EQ(outcomes, expected) << to_string(program);
  EXPECT_LE(reduced, all) << to_string(program);
  RandomWalk walk;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const std::string outcome = outcome_of(program, walk, seed);
    EXPECT_TRUE(expected.count(outcome) == 1) << outcome << " of " << to_string(program);
  }
  return {.judged = true, .saved = reduced < all};
}

class SleepSets : public testing::Test {
 protected:
  SleepSets() { begin_watch(10); }
  ~SleepSets() override { end_watch(); }
};

TEST_F(SleepSets, LeaveOutNoOutcomeOfRandomPrograms) {
  Random random(20'260'101);
  int judged = 0;
  int saved = 0;
  for (int i = 0; i < 300 && !HasFailure(); ++i) {
    const Compared compared = compare(random_program(random));
    judged += compared.judged ? 1 : 0;
    saved += compared.saved ? 1 : 0;
  }
  EXPECT_GT(judged, 150);
  EXPECT_GT(saved, judged / 2);
}

// Each call beside each other one, on one object, with a third thread that lets both go on.
TEST_F(SleepSets, LeaveOutNoOutcomeOfAnyTwoCalls) {
  constexpr auto kCalls = static_cast<unsigned>(Call::kCount);
  int judged = 0;
  for (unsigned a = 0; a < kCalls && !HasFailure(); ++a) {
    for (unsigned b = a; b < kCalls && !HasFailure(); ++b) {
      const Step first{static_cast<Call>(a), 0};
      const Step second{static_cast<Call>(b), 0};
      const Program two = {{first}, {second}};
      const Program with_helper = {{first}, {second}, {{Call::kNotifyOne, 0}}};
      const Program with_post = {{first}, {second}, {{Call::kPost, 0}}};
      for (const Program& program : {two, with_helper, with_post}) {
        judged += compare(program).judged ? 1 : 0;
      }
    }
  }
  EXPECT_GT(judged, 250);
}

}  // namespace
}  // namespace weft::explore
