// The recorder says what came before what, and is seen by nobody whom it watches.
#include "stress/linearize/recorder.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "stress/check.h"
#include "stress/run/build_mode.h"

#if defined(WEFT_EXPLORE)
#include "stress/explore/explore.h"
#endif

namespace weft::linearize {
namespace {

constexpr std::size_t kCalls = 3;

// Two threads with so many calls each, and the main thread with one before them and one after.
std::vector<std::vector<Operation>> lanes() {
  return {std::vector<Operation>(kCalls), std::vector<Operation>(kCalls),
          std::vector<Operation>(2)};
}

void put(Recorder& recorder, unsigned lane, std::size_t place, int result) {
  recorder.invoke(lane, place);
  {
    const Unrecorded harness;
    recorder.result(lane, place) = Value(result);
  }
  recorder.returns(lane, place);
}

TEST(Recorder, KnowsWhatCameBeforeWhat) {
  Recorder recorder(lanes(), 1);
  put(recorder, 2, 0, 1);
  put(recorder, 0, 0, 2);
  recorder.invoke(1, 0);
  put(recorder, 0, 1, 3);
  const History history = recorder.history(End::kBlocked);
  ASSERT_EQ(history.threads[0].size(), 2u);
  ASSERT_EQ(history.threads[1].size(), 1u);
  EXPECT_EQ(history.threads[0][1].result, Value(3));
  EXPECT_EQ(history.threads[1][0].end, End::kBlocked);
  // Of lanes 0, 1 and 2.
  EXPECT_EQ(history.known[1][0], (std::vector<std::uint32_t>{1, 0, 1}));
  EXPECT_EQ(history.known[0][0], (std::vector<std::uint32_t>{0, 0, 1}));
  EXPECT_EQ(history.known[2][0], (std::vector<std::uint32_t>{0, 0, 0}));
}

TEST(Recorder, WithoutAClockKnowsThePhasesAlone) {
  Recorder recorder(lanes(), 1);
  recorder.begin(Recorder::Order::kThreads);
  put(recorder, 2, 0, 1);
  put(recorder, 0, 0, 2);
  put(recorder, 1, 0, 3);
  put(recorder, 1, 1, 4);
  put(recorder, 2, 1, 5);
  const History history = recorder.history(End::kPending);
  EXPECT_EQ(history.known[1][1], (std::vector<std::uint32_t>{0, 0, 1}))
      << "not that lane 0 was first";
  EXPECT_EQ(history.known[2][1], (std::vector<std::uint32_t>{1, 2, 0}));
}

TEST(Recorder, BeginsAnew) {
  Recorder recorder(lanes(), 1);
  put(recorder, 2, 0, 1);
  recorder.begin(Recorder::Order::kMarks);
  EXPECT_EQ(recorder.history(End::kPending).size(), 0u);
}

// Two threads that meet at an atomic, recorded or not.
Body meeting(bool recorded) {
  const auto recorder = std::make_shared<Recorder>(lanes(), 0);
  return [recorder, recorded](Run& run) {
    if (recorded) recorder->begin(Recorder::Order::kMarks);
    std::atomic<int> shared{0};
    for (unsigned lane = 0; lane < 2; ++lane) {
      run.thread([&, lane] {
        for (std::size_t place = 0; place < kCalls; ++place) {
          if (recorded) recorder->invoke(lane, place);
          const int seen = shared++;
          if (!recorded) continue;
          {
            const Unrecorded harness;
            recorder->result(lane, place) = Value(std::to_string(seen) + " is what was there");
          }
          recorder->returns(lane, place);
        }
      });
    }
    run.join();
  };
}

#if defined(WEFT_EXPLORE)
TEST(Recorder, AddsNoStepAndNoAccess) {
  struct Seen {
    std::uint64_t steps, accesses, executions;
    bool operator==(const Seen&) const = default;
  };
  const auto seen = [](bool recorded) {
    const Report report = check(meeting(recorded), {.strategy = "exhaustive"});
    EXPECT_EQ(report.verdict, weft::Verdict::kHolds);
    return Seen{explore::counters().steps, report.accesses, report.executions};
  };
  const Seen without = seen(false);
  EXPECT_GT(without.executions, 10u);
  const Seen with = seen(true);
  EXPECT_EQ(with.steps, without.steps);
  EXPECT_EQ(with.executions, without.executions) << "there are no more interleavings";
  EXPECT_LE(with.accesses - without.accesses, 12 * 2 * kCalls)
      << "those of a call are the test's own, of what it has captured";
}
#endif

// Each writes between its marks: the marks order nothing.
TEST(Recorder, HidesNoRace) {
  if (!kExplored && !kThreadSanitizer) GTEST_SKIP() << "nobody looks for races";
  expect_violation(Kind::kDataRace, [](weft::Run& run) {
    Recorder recorder(lanes(), 0);
    int shared = 0;
    for (unsigned lane = 0; lane < 2; ++lane) {
      run.thread([&, lane] {
        for (std::size_t place = 0; place < kCalls; ++place) {
          recorder.invoke(lane, place);
          ++shared;
          recorder.returns(lane, place);
        }
      });
    }
    run.join();
  });
}

TEST(Recorder, IsNoRaceItself) { check(meeting(true)); }

}  // namespace
}  // namespace weft::linearize
