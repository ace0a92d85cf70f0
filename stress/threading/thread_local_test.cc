#include "primitives/threading/thread_local.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>

#include "primitives/threading/event.h"
#include "stress/check.h"
#include "stress/threading/support.h"

namespace weft {
namespace {

using testing_threads::briefly;

// Counts its objects: made, and destroyed.
struct Counts {
  std::atomic<int> made{0};
  std::atomic<int> destroyed{0};
};
class Counted {
 public:
  explicit Counted(Counts& counts) : counts_(&counts) { ++counts_->made; }
  Counted(Counted&& other) noexcept : counts_(other.counts_) { ++counts_->made; }
  Counted& operator=(Counted&&) = delete;
  ~Counted() { ++counts_->destroyed; }

  int value = 0;

 private:
  Counts* counts_;
};

TEST(ThreadLocal, EachThreadHasItsOwnValue) {
  static_assert(!std::is_copy_constructible_v<ThreadLocal<int>>);
  check([](weft::Run& run) {
    const ThreadLocal<int> local([] { return 10; });
    for (int t = 0; t < 3; ++t) {
      run.thread([&, t] {
        run.require(!local.has_value(), "no value before the first get");
        run.require(local.get() == 10, "the factory's");
        run.require(local.has_value(), "a value after the first get");
        for (int i = 0; i < 10; ++i) *local += t;
        run.require(local.get() == 10 + 10 * t, "nobody else's additions");
      });
    }
    run.join();
    run.require(!local.has_value(), "asking in other threads makes none here");
  });
}

// The thread that runs the body lives on, from one execution to the next.
TEST(ThreadLocal, TheBodysThreadHasItsOwnValueInEachExecution) {
  check([](weft::Run& run) {
    const ThreadLocal<int> local([] { return 10; });
    run.require(!local.has_value(), "no value before the first get");
    run.require(local.get() == 10, "the factory's");
    *local = 11;
    run.thread([&] { run.require(!local.has_value(), "none of another's"); });
    run.join();
    run.require(local.has_value() && *local == 11, "the value stays");
  });
}

TEST(ThreadLocal, TheFactoryRunsOnceInEachThreadThatAsks) {
  std::atomic<int> runs{0};
  ThreadLocal<std::string> local([&] {
    ++runs;
    return std::string("made");
  });
  EXPECT_EQ(runs, 0) << "not before somebody asks";
  EXPECT_EQ(local->size(), 4U);
  EXPECT_EQ(*local, "made");
  EXPECT_EQ(&local.get(), &local.get());
  EXPECT_EQ(runs, 1);
  std::thread([&] { EXPECT_EQ(local.get() + local.get(), "mademade"); }).join();
  EXPECT_EQ(runs, 2);
}

TEST(ThreadLocal, WithoutAFactoryValuesAreDefaultMade) {
  ThreadLocal<int> zero;
  EXPECT_EQ(*zero, 0);
  ThreadLocal<std::unique_ptr<int>> move_only;
  EXPECT_EQ(*move_only, nullptr);
  *move_only = std::make_unique<int>(3);
  EXPECT_EQ(**move_only, 3);
}

TEST(ThreadLocal, AnExceptionOfTheFactoryPassesAndTheNextGetTriesAgain) {
  int runs = 0;
  ThreadLocal<int> local([&]() -> int {
    if (++runs == 1) throw std::out_of_range("first");
    return runs;
  });
  EXPECT_THROW(local.get(), std::out_of_range);
  EXPECT_FALSE(local.has_value());
  EXPECT_EQ(local.get(), 2);
  EXPECT_TRUE(local.has_value());
}

TEST(ThreadLocal, TwoOfOneTypeDoNotShareValues) {
  ThreadLocal<int> one([] { return 1; });
  ThreadLocal<int> two([] { return 2; });
  *one = 5;
  EXPECT_EQ(*two, 2);
  EXPECT_EQ(*one, 5);
}

TEST(ThreadLocal, OneAtTheAddressOfADeadOneStartsAfresh) {
  std::optional<ThreadLocal<int>> local;
  for (int i = 0; i < 3; ++i) {
    local.emplace([i] { return i; });
    EXPECT_FALSE(local->has_value());
    EXPECT_EQ(local->get(), i);
  }
}

TEST(ThreadLocal, AThreadsValueDiesWithTheThread) {
  Counts counts;
  ThreadLocal<Counted> local([&] { return Counted(counts); });
  local->value = 1;
  std::thread([&] { local->value = 2; }).join();
  EXPECT_EQ(counts.made, 2);
  EXPECT_EQ(counts.destroyed, 1);
  EXPECT_EQ(local->value, 1) << "the other thread's value is not touched";
}

TEST(ThreadLocal, AllValuesDieWithTheObjectAndNoneASecondTimeWithItsThread) {
  Counts counts;
  auto local = std::make_unique<ThreadLocal<Counted>>([&] { return Counted(counts); });
  Event has_value;
  Event finish;
  std::thread other([&] {
    local->get();
    has_value.set();
    finish.wait();
  });
  has_value.wait();
  local->get();
  local.reset();
  EXPECT_EQ(counts.made, 2);
  EXPECT_EQ(counts.destroyed, 2);
  finish.set();
  other.join();
  EXPECT_EQ(counts.destroyed, 2);
}

TEST(ThreadLocal, AValueDiesOnceWhenItsThreadAndTheObjectEndTogether) {
  check([](weft::Run& run) {
    Counts counts;
    std::atomic<int> users{2};
    auto local = std::make_unique<ThreadLocal<Counted>>([&] { return Counted(counts); });
    for (int t = 0; t < 2; ++t) {
      run.thread([&] {
        local->get();
        --users;
      });
    }
    run.thread([&] {
      while (users > 0) std::this_thread::yield();
      local.reset();  // the users have no further use for it, but have not ended
    });
    run.join();
    run.require(counts.made == 2 && counts.destroyed == 2, "each value died once");
  });
}

// A thread_local object whose destructor uses a ThreadLocal, however late that is.
struct UsesAtExit {
  const ThreadLocal<Counted>* local = nullptr;
  ~UsesAtExit() {
    if (local != nullptr) local->get().value = 3;
  }
};
thread_local UsesAtExit uses_at_exit;

TEST(ThreadLocal, DestructorsAtAThreadsEndMayUseItAgain) {
  Counts counts;
  const ThreadLocal<Counted> local([&] { return Counted(counts); });
  std::thread([&] {
    uses_at_exit.local = &local;
    local->value = 1;
  }).join();
  EXPECT_EQ(counts.made, 1) << "its value was still there";
  EXPECT_EQ(counts.destroyed, 1);
  std::thread([&] { uses_at_exit.local = &local; }).join();
  EXPECT_EQ(counts.made, 2) << "made for the first time at the thread's end";
  EXPECT_EQ(counts.destroyed, 2);
}

TEST(ThreadLocal, DestructorsOfValuesMayUseOthersAndNothingLeaks) {
  struct UsesOther {
    UsesOther(const ThreadLocal<Counted>& other) : other_(&other) {}
    UsesOther(UsesOther&& from) noexcept : other_(std::exchange(from.other_, nullptr)) {}
    ~UsesOther() {
      if (other_ != nullptr) other_->get().value = 1;
    }
    const ThreadLocal<Counted>* other_;
  };
  Counts counts;
  const ThreadLocal<Counted> other([&] { return Counted(counts); });
  const ThreadLocal<UsesOther> local([&] { return UsesOther(other); });
  for (const bool other_first : {false, true}) {
    const int destroyed_before = counts.destroyed;
    std::thread([&] {
      if (other_first) other.get();
      local.get();
    }).join();
    EXPECT_GT(counts.destroyed, destroyed_before);
    EXPECT_EQ(counts.made, counts.destroyed);
  }
}

TEST(ThreadLocal, ManyThreadsComeAndGoAndLeaveNothing) {
  constexpr int kThreads = 10'000;
  constexpr int kAtOnce = 4;
  Counts counts;
  ThreadLocal<Counted> local([&] { return Counted(counts); });
  for (int i = 0; i < kThreads / kAtOnce; ++i) {
    std::thread threads[kAtOnce];
    for (std::thread& thread : threads) {
      thread = std::thread([&] { EXPECT_EQ(local->value++, 0) << "no dead thread's value"; });
    }
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(counts.made, kThreads);
  EXPECT_EQ(counts.destroyed, kThreads);
}

TEST(ThreadLocal, ManyObjectsComeAndGoInOneThread) {
  Counts counts;
  for (int i = 0; i < 1000; ++i) {
    ThreadLocal<Counted> local([&] { return Counted(counts); });
    ThreadLocal<Counted> another([&] { return Counted(counts); });
    EXPECT_EQ(local->value++, 0);
    EXPECT_EQ(another->value++, 0);
  }
  EXPECT_EQ(counts.made, 2000);
  EXPECT_EQ(counts.destroyed, 2000);
}

}  // namespace
}  // namespace weft
