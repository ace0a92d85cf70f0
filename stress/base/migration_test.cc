// Threads that are kept off a processor for a moment.
#include "primitives/base/migration.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <semaphore>
#include <thread>
#include <vector>

#include "primitives/base/processors.h"
#include "stress/base/affinity_calls.h"
#include "stress/base/on_one_processor.h"

namespace weft {
namespace {

using internal::Elsewhere;
using testing_processors::OnOneProcessor;

cpu_set_t set_of(pid_t thread) {
  cpu_set_t set;
  CPU_ZERO(&set);
  EXPECT_EQ(sched_getaffinity(thread, sizeof(set), &set), 0);
  return set;
}

// A thread that says where it runs when it is asked; while it is not, it keeps its processor busy,
// or sleeps.
class Where {
 public:
  explicit Where(bool sleeps) : thread_([this, sleeps] { answer(sleeps); }) { number_.wait(0); }
  ~Where() {
    asked_.store(kEnd);
    asleep_.release();
    thread_.join();
  }

  pid_t number() const { return number_.load(); }
  // For as long as it takes, without giving the processor up.
  int ask() {
    const int turn = asked_.load() + 1;
    asked_.store(turn);
    asleep_.release();
    while (answered_.load() != turn) {
    }
    return processor_.load();
  }

 private:
  static constexpr int kEnd = -1;

  void answer(bool sleeps) {
    number_.store(gettid());
    number_.notify_all();
    for (int answered = 0;;) {
      if (sleeps) asleep_.acquire();
      const int asked = asked_.load();
      if (asked == kEnd) return;
      if (asked == answered) continue;
      processor_.store(sched_getcpu());
      answered_.store(answered = asked);
    }
  }

  std::atomic<pid_t> number_{0};
  std::atomic<int> asked_{0};
  std::atomic<int> answered_{0};
  std::atomic<int> processor_{-1};
  std::counting_semaphore<> asleep_{0};
  std::thread thread_;
};

class MigrationTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (internal::processors_of_this_thread() < 2) {
      GTEST_SKIP() << "there is no other processor to go to";
    }
  }
};

TEST_P(MigrationTest, AThreadGoesToAnotherProcessorAndMayRunWhereItCouldBefore) {
  Where thread(GetParam());
  const cpu_set_t before = set_of(thread.number());
  for (int i = 0; i < 20; ++i) {
    const int here = sched_getcpu();
    const OnOneProcessor bound(here);
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(here), &one);
    // It comes here, and stays when it is let go.
    ASSERT_EQ(sched_setaffinity(thread.number(), sizeof(one), &one), 0);
    ASSERT_EQ(sched_setaffinity(thread.number(), sizeof(before), &before), 0);
    {
      const Elsewhere kept_off(thread.number());
      EXPECT_NE(thread.ask(), here);
    }
    const cpu_set_t after = set_of(thread.number());
    EXPECT_TRUE(CPU_EQUAL(&before, &after));
  }
}

INSTANTIATE_TEST_SUITE_P(OneThat, MigrationTest, testing::Bool(), [](const auto& sleeps) {
  return sleeps.param ? "Sleeps" : "IsReadyToRun";
});

// A kernel with a container of some processors, and a thread in it.
class PretendedThread : public testing_affinity::AffinityCalls {
 public:
  static constexpr pid_t kNumber = 1 << 30;  // no thread has it
  static constexpr std::uint64_t kAll = ~std::uint64_t{0};

  PretendedThread(std::uint64_t container, std::uint64_t bound)
      : container_(container), bound_(bound) {}

  std::optional<std::uint64_t> get(pid_t thread) override {
    if (thread != kNumber) return std::nullopt;
    return container_ & bound_;
  }
  bool set(pid_t thread, std::uint64_t bound) override {
    if (thread != kNumber) return false;
    bound_ = bound;
    was_in.push_back(container_ & bound);
    return true;
  }
  std::optional<int> processor() override { return here; }
  std::uint64_t bound() const { return bound_; }

  int here = 0;
  std::vector<std::uint64_t> was_in;  // after each binding

 private:
  const std::uint64_t container_;
  std::uint64_t bound_;
};

TEST(Elsewhere, OneThatWasNotBoundIsNotAfterwards) {
  PretendedThread thread(0b1111, PretendedThread::kAll);
  thread.here = 2;
  internal::send_elsewhere(PretendedThread::kNumber);
  EXPECT_EQ(thread.was_in, (std::vector<std::uint64_t>{0b1011, 0b1111}));
  EXPECT_EQ(thread.bound(), PretendedThread::kAll) << "else it would not follow its container";
}

TEST(Elsewhere, OneThatWasBoundIsBoundAgain) {
  PretendedThread thread(0b1111, 0b0110);
  thread.here = 1;
  internal::send_elsewhere(PretendedThread::kNumber);
  EXPECT_EQ(thread.was_in.front(), 0b0100u);
  EXPECT_EQ(thread.bound(), 0b0110u);
}

TEST(Elsewhere, OneThatMayRunHereOnlyOrNeverHereIsLeftAlone) {
  for (const std::uint64_t bound : {0b0010, 0b1101}) {
    PretendedThread thread(0b1111, bound);
    thread.here = 1;
    internal::send_elsewhere(PretendedThread::kNumber);
    EXPECT_TRUE(thread.was_in.empty());
    EXPECT_EQ(thread.bound(), bound);
  }
}

TEST(Elsewhere, OneThatHasEndedIsLeftAlone) {
  pid_t ended = 0;
  std::thread([&] { ended = gettid(); }).join();
  internal::send_elsewhere(ended);
}

}  // namespace
}  // namespace weft
