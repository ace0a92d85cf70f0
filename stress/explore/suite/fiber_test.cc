// What is a thread's own is a fiber's own; what an execution leaves behind is gone, and what
// outlives it stays.
#include <gtest/gtest.h>
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cfenv>
#include <cstdio>
#include <latch>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "stress/check.h"
#include "stress/explore/explore.h"
#include "stress/explore/random_walk.h"

namespace weft::suite {
namespace {

// --- A thread's own ----------------------------------------------------------

TEST(Fiber, ManyAreAliveAtOnce) {
  const Report report = check(
      [](weft::Run& run) {
        constexpr int kThreads = 300;
        std::atomic<int> inside = 0;
        std::latch all(kThreads);
        static thread_local int own = 0;
        for (int i = 0; i < kThreads; ++i) {
          run.thread([&, i] {
            own = i;
            ++inside;
            all.arrive_and_wait();
            run.require(own == i, "each has its own thread_local");
            const int here = 0;
            const auto name = explore::stable_name(reinterpret_cast<std::uintptr_t>(&here));
            run.require(explore::memory_of(name) == explore::MemoryKind::kThreadStack,
                        "its stack is known for one");
          });
        }
        run.join();
        run.require(inside == kThreads, "all were there");
      },
      {.executions = 20, .strategy = "random_walk:50", .steps = 10'000'000});
  EXPECT_FALSE(report.violated());
}

// Each thread throws from depth to depth and looks around in its handler while others do the same.
void throw_and_look(weft::Run& run, std::atomic<int>& turn, int number, int depth) {
  try {
    throw std::runtime_error(std::to_string(number * 100 + depth));
  } catch (const std::runtime_error& error) {
    const std::exception_ptr here = std::current_exception();
    for (int i = 0; i < 3; ++i) {
      ++turn;  // others go on here
      run.require(std::string(error.what()) == std::to_string(number * 100 + depth),
                  "the exception caught is the thread's own");
      run.require(std::current_exception() == here, "so is the current exception");
    }
    if (depth > 0) throw_and_look(run, turn, number, depth - 1);
    run.require(std::current_exception() == here, "an inner handler leaves the outer one's");
    try {
      throw;
    } catch (const std::runtime_error& again) {
      run.require(&again == &error, "what is thrown again is the same");
    }
  }
  if (depth == 3) run.require(!std::current_exception(), "in the end there is none");
}

TEST(Fiber, ExceptionsAreAThreadsOwn) {
  const Report report = check(
      [](weft::Run& run) {
        std::atomic<int> turn = 0;
        for (int i = 0; i < 4; ++i) {
          run.thread([&, i] {
            run.require(std::uncaught_exceptions() == 0, "none is on its way");
            throw_and_look(run, turn, i, 3);
          });
        }
        run.join();
      },
      {.executions = 3000, .strategy = "random_walk"});
  EXPECT_FALSE(report.violated());
}

struct LooksWhileUnwinding {
  weft::Run& run;
  std::atomic<int>& turn;
  ~LooksWhileUnwinding() {
    for (int i = 0; i < 3; ++i) {
      ++turn;
      run.require(std::uncaught_exceptions() == 1, "exactly its own is on its way");
    }
  }
};

TEST(Fiber, UnwindingIsAThreadsOwn) {
  const Report report = check(
      [](weft::Run& run) {
        std::atomic<int> turn = 0;
        for (int i = 0; i < 3; ++i) {
          run.thread([&] {
            try {
              const LooksWhileUnwinding looks{run, turn};
              throw std::runtime_error("on its way");
            } catch (const std::runtime_error&) {
            }
          });
        }
        run.join();
      },
      {.executions = 3000, .strategy = "random_walk"});
  EXPECT_FALSE(report.violated());
}

TEST(Fiber, ErrnoIsAThreadsOwn) {
  const Report report = check(
      [](weft::Run& run) {
        std::atomic<int> turn = 0;
        for (int i = 1; i <= 3; ++i) {
          run.thread([&, i] {
            run.require(errno == 0, "it is 0 at first");
            errno = i;
            ++turn;
            run.require(errno == i, "nobody else sets it");
          });
        }
        run.join();
      },
      {.strategy = "exhaustive"});
  EXPECT_EQ(to_string(report.verdict), to_string(Verdict::kHolds));
}

TEST(Fiber, RoundingModeIsAThreadsOwnAndInherited) {
  const Report report = check(
      [](weft::Run& run) {
        std::atomic<int> turn = 0;
        run.thread([&] {
          std::fesetround(FE_UPWARD);
          ++turn;
          run.require(std::fegetround() == FE_UPWARD, "nobody else sets it");
          std::thread child([&] {
            run.require(std::fegetround() == FE_UPWARD, "a thread inherits its maker's");
            std::fesetround(FE_TOWARDZERO);
            ++turn;
          });
          child.join();
          run.require(std::fegetround() == FE_UPWARD, "and keeps its own");
        });
        run.thread([&] {
          ++turn;
          run.require(std::fegetround() == FE_TONEAREST, "others stay as they are");
          volatile double third = 1.0;
          third = third / 3.0;
          run.require(third == 1.0 / 3.0, "and compute as they did");
        });
        run.join();
        run.require(std::fegetround() == FE_TONEAREST, "so does the body");
      },
      {.strategy = "exhaustive"});
  EXPECT_EQ(to_string(report.verdict), to_string(Verdict::kHolds));
  EXPECT_EQ(std::fegetround(), FE_TONEAREST);
}

TEST(Fiber, RoundingModeOfAnAbandonedExecutionIsForgotten) {
  expect_violation(Kind::kDeadlock, [](weft::Run& run) {
    std::fesetround(FE_UPWARD);
    run.thread([] {
      std::fesetround(FE_TOWARDZERO);
      std::mutex mutex;
      mutex.lock();
      mutex.lock();
    });
    run.join();
  });
  EXPECT_EQ(std::fegetround(), FE_TONEAREST);
}

// --- Stacks ------------------------------------------------------------------

int use_stack(int kibibytes) {
  volatile char frame[1024];
  frame[kibibytes % 1024] = static_cast<char>(kibibytes);
  return kibibytes == 0 ? 0 : use_stack(kibibytes - 1) + (frame[kibibytes % 1024] & 0);
}

TEST(Stack, IsAsLargeAsAsked) {
  const auto body = [](weft::Run& run) {
    run.thread([&] { run.require(use_stack(700) == 0, "the calls end"); });
    run.join();
  };
  check(body, {.executions = 3, .stack_bytes = 1 << 20});
  const Report report = expect_violation(Kind::kCrash, body, {.stack_bytes = 256 << 10});
  ASSERT_TRUE(report.violation);
  EXPECT_NE(report.violation->text.find("WEFT_STACK_BYTES"), std::string::npos)
      << report.violation->text;
}

TEST(Stack, OfTheBodyIsGuardedToo) {
  const auto deep = [](weft::Run& run) { run.require(use_stack(4000) == 0, "the calls end"); };
  check(deep, {.executions = 3});
  const auto endless = [](weft::Run& run) { run.require(use_stack(1 << 20) == 0, "never"); };
  const Report report = expect_violation(Kind::kCrash, endless);
  ASSERT_TRUE(report.violation);
  EXPECT_NE(report.violation->text.find("stack"), std::string::npos) << report.violation->text;
}

// --- What an execution leaves behind -----------------------------------------

long resident_kibibytes() {
  long total = 0;
  long resident = 0;
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr || std::fscanf(file, "%ld %ld", &total, &resident) != 2) resident = 0;
  if (file != nullptr) std::fclose(file);
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

struct Left {
  std::string text = "a thread_local that is never destroyed, with memory of its own";
};
thread_local Left left;

// Ends in a deadlock, every time, with all kinds of things alive.
void leave_everything(void*) {
  static std::mutex never;
  std::mutex mutex;
  pthread_key_t key;
  pthread_key_create(&key, [](void* block) { delete static_cast<int*>(block); });
  auto* blocks = new std::vector<std::string>;
  std::thread holder([&] {
    left.text += " and more than at first";
    pthread_setspecific(key, new int(7));
    blocks->push_back("a string that is too long to lie within its object");
    never.lock();
    mutex.lock();
  });
  holder.join();
  never.lock();
}

TEST(Abandoned, LeavesNothingBehindInAMillionExecutions) {
  explore::RandomWalk walk;
  const explore::Limits limits = {};
  explore::begin_watch(10);
  constexpr int kExecutions = 1'000'000;
  long before = 0;
  for (int i = 0; i < kExecutions; ++i) {
    const explore::Outcome& outcome =
        explore::execute(leave_everything, nullptr, walk, static_cast<unsigned>(i), limits);
    ASSERT_EQ(outcome.finding, explore::Finding::kDeadlock) << "execution " << i << outcome.text;
    if (i == 1000) before = resident_kibibytes();
  }
  explore::end_watch();
  EXPECT_LE(resident_kibibytes(), before + 512);
  // The real keys were not used up.
  pthread_key_t key;
  EXPECT_EQ(pthread_key_create(&key, nullptr), 0);
  EXPECT_EQ(pthread_key_delete(key), 0);
}

void end_well(void*) {
  std::mutex mutex;
  auto text = std::make_shared<std::string>("shared, and too long to lie within its object");
  std::thread other([&mutex, text] {
    const std::lock_guard lock(mutex);
    left.text += *text;
  });
  {
    const std::lock_guard lock(mutex);
    left.text.clear();
  }
  other.join();
}

TEST(Ended, LeavesNothingBehindInAMillionExecutions) {
  explore::RandomWalk walk;
  explore::begin_watch(10);
  long before = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    const explore::Outcome& outcome =
        explore::execute(end_well, nullptr, walk, static_cast<unsigned>(i), explore::Limits());
    ASSERT_EQ(outcome.finding, explore::Finding::kNone) << "execution " << i << outcome.text;
    if (i == 1000) before = resident_kibibytes();
  }
  explore::end_watch();
  EXPECT_LE(resident_kibibytes(), before + 512);
}

// --- What outlives an execution ----------------------------------------------

const std::map<int, std::string>& table() {
  static const std::map<int, std::string> made = [] {
    std::map<int, std::string> entries;
    for (int i = 0; i < 50; ++i) entries[i] = "entry number " + std::to_string(i) + " of the table";
    return entries;
  }();
  return made;
}

TEST(Outliving, AStaticMadeInAnExecutionStays) {
  for (int i = 0; i < 3; ++i) {
    expect_violation(Kind::kDeadlock, [](weft::Run& run) {
      run.thread([&] {
        run.require(table().at(49) == "entry number 49 of the table", "it is whole");
        std::mutex mutex;
        mutex.lock();
        mutex.lock();
      });
      run.join();
    });
    check(
        [](weft::Run& run) {
          run.thread([&] { run.require(table().size() == 50, "it is whole"); });
          run.join();
          for (const auto& [number, text] : table()) {
            run.require(text == "entry number " + std::to_string(number) + " of the table", "each");
          }
        },
        {.executions = 100});
  }
  EXPECT_EQ(table().at(7), "entry number 7 of the table");
}

std::map<int, std::string> history;  // of all executions
std::list<std::string> log;          // too

struct Collected {
  std::vector<std::string> texts;
  bool deadlock = false;
};

void collect(void* argument) {
  auto& collected = *static_cast<Collected*>(argument);
  std::mutex mutex;
  std::thread thread([&] {
    const std::lock_guard lock(mutex);
    const auto number = static_cast<int>(collected.texts.size());
    collected.texts.push_back("this is what execution " + std::to_string(number) + " has to say");
    history[number] = "and this is what it had to say, too: " + std::to_string(number);
    log.push_back("once more, what execution " + std::to_string(number) + " has to say");
    if (collected.deadlock) mutex.lock();
  });
  thread.join();
}

void collect_thousands(bool deadlock) {
  history.clear();
  log.clear();
  Collected collected;
  collected.deadlock = deadlock;
  explore::RandomWalk walk;
  constexpr int kExecutions = 2000;
  explore::begin_watch(10);
  for (int i = 0; i < kExecutions; ++i) {
    const explore::Finding found =
        explore::execute(collect, &collected, walk, static_cast<unsigned>(i), explore::Limits())
            .finding;
    ASSERT_EQ(found, deadlock ? explore::Finding::kDeadlock : explore::Finding::kNone);
  }
  explore::end_watch();
  ASSERT_EQ(collected.texts.size(), kExecutions);
  ASSERT_EQ(history.size(), kExecutions);
  ASSERT_EQ(log.size(), kExecutions);
  auto line = log.begin();
  for (int i = 0; i < kExecutions; ++i) {
    ASSERT_EQ(collected.texts[static_cast<unsigned>(i)],
              "this is what execution " + std::to_string(i) + " has to say");
    ASSERT_EQ(*line++, "once more, what execution " + std::to_string(i) + " has to say");
    ASSERT_EQ(history[i], "and this is what it had to say, too: " + std::to_string(i));
  }
  history.clear();
  log.clear();
}

TEST(Outliving, WhatExecutionsCollectStays) { collect_thousands(false); }
TEST(Outliving, WhatAbandonedExecutionsCollectStays) { collect_thousands(true); }

}  // namespace
}  // namespace weft::suite
