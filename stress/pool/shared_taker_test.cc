// When a worker that takes shared tasks looks for more, and so may pause.
#include "primitives/pool/shared_taker.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <random>

#include "primitives/pool/pace.h"
#include "primitives/pool/task.h"
#include "primitives/pool/task_deque.h"

namespace weft {
namespace {

using internal::Pace;
using internal::SharedTaker;
using internal::Task;
using internal::TaskDeque;

constexpr std::size_t kMost = 16;

class SharedTakerTest : public testing::Test {
 protected:
  void push(std::size_t tasks) {
    for (std::size_t i = 0; i < tasks; ++i) deque.push(Task::of([] {}));
  }
  std::size_t take(std::size_t most = kMost, std::size_t share = 1) {
    Task tasks[kMost];
    return taker.take(deque, tasks, most, share);
  }

  TaskDeque deque{8};
  SharedTaker taker{0};
};

TEST_F(SharedTakerTest, PausesOnceManyLooksInARowFoundFewTasks) {
  for (std::uint32_t looks = 1; looks <= Pace::kManyTimes; ++looks) {
    EXPECT_EQ(taker.pauses(), 0u) << looks;
    push(1);
    EXPECT_EQ(take(), 1u);
  }
  EXPECT_EQ(taker.pauses(), 1u);
}

TEST_F(SharedTakerTest, ALookThatFindsNothingEndsThePauses) {
  for (std::uint32_t i = 0; i < 2 * Pace::kManyTimes; ++i) {
    push(1);
    EXPECT_EQ(take(), 1u);
  }
  EXPECT_GT(taker.pauses(), 0u);
  EXPECT_EQ(take(), 0u);
  EXPECT_EQ(taker.pauses(), 0u);
  push(1);
  EXPECT_EQ(take(), 1u);
  EXPECT_EQ(taker.pauses(), 0u) << "the next task of a thread that waits for each";
}

TEST_F(SharedTakerTest, WhatItKnowsOfIsTakenWithoutALook) {
  push(Pace::kManyTimes + 1);
  for (std::uint32_t i = 0; i <= Pace::kManyTimes; ++i) EXPECT_EQ(take(1), 1u);
  EXPECT_EQ(taker.pauses(), 0u) << "that was one look, which found all of them";
}

TEST_F(SharedTakerTest, WhatOthersTookIsNoFind) {
  push(2);
  EXPECT_EQ(take(1), 1u);
  Task task;
  EXPECT_TRUE(deque.take(task));
  EXPECT_EQ(take(), 0u);
  push(1);
  EXPECT_EQ(take(), 1u);
}

TEST_F(SharedTakerTest, CountsWhatItLeavesToTheOthers) {
  for (std::uint32_t i = 0; i < 3 * Pace::kManyTimes; ++i) {
    push(Pace::kFew);
    EXPECT_EQ(take(kMost, Pace::kFew), 1u) << "the others' share";
    EXPECT_EQ(taker.pauses(), 0u) << "it took one, but enough were there";
    Task task;
    while (deque.take(task)) {
    }
  }
}

// The pace that is told of the looks, by what was there, is the twin.
TEST_F(SharedTakerTest, KeepsThePaceOfItsLooksWhateverComes) {
  std::mt19937_64 random(11);
  Pace pace;
  std::uint64_t pushed = 0;
  std::uint64_t taken = 0;
  std::uint64_t known = 0;
  bool paused = false;
  for (int step = 0; step < 20'000; ++step) {
    // Phases in which tasks come one at a time, and some in which many come.
    const std::uint64_t most = (step / 200) % 3 == 2 ? 100 : 1;
    if (random() % 4 != 0 || step % 200 > 20) {
      const std::uint64_t more = 1 + random() % most;
      push(more);
      pushed += more;
    }
    if (random() % 8 == 0) {  // another worker
      Task task;
      if (deque.take(task)) ++taken;
    }
    const bool looks = taken >= known;
    if (looks) known = pushed;
    const std::uint64_t there = known > taken ? known - taken : 0;
    const std::size_t got = take();
    ASSERT_EQ(got, there < kMost ? there : kMost);
    taken += got;
    if (looks) pace.found(there);
    ASSERT_EQ(taker.pauses(), pace.pauses()) << step;
    paused = paused || pace.pauses() == Pace::kMostPauses;
  }
  EXPECT_TRUE(paused) << "the phases were such that it may pause";
}

}  // namespace
}  // namespace weft
