// Task: lazy functions that await each other.
#include "primitives/coroutine/task.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <coroutine>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/base/recycled_memory.h"
#include "primitives/coroutine/sync_wait.h"
#include "stress/check.h"
#include "stress/coroutine/allocations.h"

namespace weft {
namespace {

using testing_coroutine::allocations;

Task<int> number(int n) { co_return n; }

Task<int> sum_of(int count) {
  int sum = 0;
  for (int i = 0; i < count; ++i) sum += co_await number(i);
  co_return sum;
}

Task<long> depth(long n) {
  if (n == 0) co_return 0;
  co_return 1 + co_await depth(n - 1);
}

TEST(Task, GivesItsAwaiterItsResult) { EXPECT_EQ(sync_wait(sum_of(5)), 10); }

TEST(Task, IsLazyAndRunsOnce) {
  int runs = 0;
  const auto make = [](int& runs) -> Task<> {
    ++runs;
    co_return;
  };
  {
    const auto dropped = make(runs);
  }
  EXPECT_EQ(runs, 0);
  sync_wait(make(runs));
  EXPECT_EQ(runs, 1);
}

TEST(Task, AwaitedTwiceIsAnError) {
  const auto twice = []() -> Task<> {
    auto child = number(1);
    EXPECT_EQ(co_await std::move(child), 1);
    (void)co_await std::move(child);  // NOLINT(bugprone-use-after-move): that it is an error
  };
  EXPECT_THROW(sync_wait(twice()), RuntimeError);
}

TEST(Task, AnExceptionComesOutOfCoAwait) {
  const auto failing = []() -> Task<int> {
    throw std::out_of_range("too far");
    co_return 1;
  };
  const auto catching = [](Task<int> child) -> Task<std::string> {
    try {
      (void)co_await std::move(child);
    } catch (const std::out_of_range& error) {
      co_return error.what();
    }
    co_return "nothing";
  };
  EXPECT_EQ(sync_wait(catching(failing())), "too far");
  EXPECT_THROW(sync_wait(failing()), std::out_of_range);
}

TEST(Task, ResultsMayBeReferencesAndMoveOnly) {
  int shared = 1;
  const auto reference = [](int& shared) -> Task<int&> { co_return shared; };
  ++sync_wait(reference(shared));
  EXPECT_EQ(shared, 2);
  const auto owner = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(5); };
  EXPECT_EQ(*sync_wait(owner()), 5);
}

TEST(Task, DroppingOneEndsItsArguments) {
  const auto owned = std::make_shared<int>(1);
  const auto make = [](std::shared_ptr<int>) -> Task<> { co_return; };
  {
    const auto dropped = make(owned);
    EXPECT_EQ(owned.use_count(), 2);
  }
  EXPECT_EQ(owned.use_count(), 1);
  sync_wait(make(owned));
  EXPECT_EQ(owned.use_count(), 1);
}

// CO1: nothing takes a function that makes a coroutine, but the coroutine itself, and by value.
template <class T>
concept MayBeWaitedFor = requires(T given) { sync_wait(std::forward<T>(given)); };
template <class T>
concept MayBeAwaited = requires(T given) { std::forward<T>(given).operator co_await(); };

TEST(Task, IsHandedOnByValueAndAFunctionThatMakesOneIsRefused) {
  int captured = 1;
  const auto makes = [captured]() -> Task<int> { co_return captured; };
  static_assert(!MayBeWaitedFor<decltype(makes)>);
  static_assert(MayBeWaitedFor<Task<int>> && !MayBeWaitedFor<Task<int>&>);
  static_assert(MayBeAwaited<Task<int>> && !MayBeAwaited<Task<int>&>);
  static_assert(!std::is_copy_constructible_v<Task<int>>);
  EXPECT_EQ(sync_wait(makes()), 1) << "the lambda lives until the task has ended";
}

TEST(Task, ItsArgumentsByValueLiveUntilItsEnd) {
  const auto text = [](std::string own, std::shared_ptr<int> owned) -> Task<std::string> {
    (void)co_await number(1);
    co_return own + std::to_string(*owned);
  };
  auto owned = std::make_shared<int>(7);
  const std::weak_ptr<int> watched = owned;
  std::string given(100, 'x');
  auto task = text(given, std::move(owned));
  given.assign(100, 'y');
  EXPECT_EQ(sync_wait(std::move(task)), std::string(100, 'x') + "7");
  EXPECT_TRUE(watched.expired());
}

// CO2: neither many awaits nor a long chain of them take stack.
TEST(Task, AwaitsTakeNoStack) {
  constexpr std::size_t kStack = 256 << 10;  // a sanitizer needs more than its program
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, kStack), 0);
  pthread_t thread;
  struct Results {
    long sequence = 0;
    long chain = 0;
  } results;
  const auto run = [](void* to) -> void* {
    auto& results = *static_cast<Results*>(to);
    const auto many = [](long count) -> Task<long> {
      long sum = 0;
      for (long i = 0; i < count; ++i) sum += co_await number(1);
      co_return sum;
    };
    results.sequence = sync_wait(many(1'000'000));
    results.chain = sync_wait(depth(1'000'000));
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, &attributes, run, &results), 0);
  ASSERT_EQ(pthread_join(thread, nullptr), 0);
  pthread_attr_destroy(&attributes);
  EXPECT_EQ(results.sequence, 1'000'000);
  EXPECT_EQ(results.chain, 1'000'000);
}

// A plain coroutine that runs at once until it waits, and is dropped with what it awaits.
class Dropped {
 public:
  struct promise_type {
    Dropped get_return_object() {
      return Dropped(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_always final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const noexcept { std::terminate(); }
  };
  explicit Dropped(std::coroutine_handle<promise_type> frame) : frame_(frame) {}
  Dropped(const Dropped&) = delete;
  Dropped& operator=(const Dropped&) = delete;
  ~Dropped() { frame_.destroy(); }

 private:
  const std::coroutine_handle<promise_type> frame_;
};

// In the frame of the nth of a chain: its destructor looks at that of the frame around it.
struct Nested {
  Nested(int level, const Nested* around, std::vector<int>& ended)
      : level(level), around(around), ended(ended) {}
  Nested(const Nested&) = delete;
  Nested& operator=(const Nested&) = delete;
  ~Nested() {
    EXPECT_TRUE(around == nullptr || around->level == level - 1) << "it ended before its child";
    ended.push_back(std::exchange(level, -1));
  }
  int level;
  const Nested* around;
  std::vector<int>& ended;
};

// CO6: what a failing task has made and not awaited is gone when the failure is seen, and what it
// has begun has ended.
TEST(Task, AFailureLeavesNoChildBehind) {
  std::vector<int> ended;
  const auto owned = std::make_shared<int>(1);
  const auto holds = [](std::shared_ptr<int>) -> Task<> { co_return; };
  const auto fails = [&holds, &ended](std::shared_ptr<int> owned) -> Task<> {
    auto never_awaited = holds(owned);
    const Nested last(0, nullptr, ended);
    co_await holds(owned);
    throw std::out_of_range("too far");
  };
  EXPECT_THROW(sync_wait(fails(owned)), std::out_of_range);
  EXPECT_EQ(owned.use_count(), 1);
  EXPECT_EQ(ended, std::vector<int>{0});
}

Task<> never_ends(int level, int last, const Nested* around, std::vector<int>& ended) {
  const Nested nested(level, around, ended);
  (void)co_await number(level);  // an await that is over
  if (level < last) {
    co_await never_ends(level + 1, last, &nested, ended);
  } else {
    co_await std::suspend_always();
  }
}

TEST(Task, WhatItAwaitsEndsBeforeIt) {
  std::vector<int> ended;
  {
    const Dropped dropped = [](std::vector<int>& ended) -> Dropped {
      co_await never_ends(0, 3, nullptr, ended);
    }(ended);
    EXPECT_TRUE(ended.empty());
  }
  EXPECT_EQ(ended, (std::vector<int>{3, 2, 1, 0}));
}

Task<long> depth_without_end(long n) {
  if (n == 0) {
    co_await std::suspend_always();
    co_return 0;
  }
  co_return 1 + co_await depth_without_end(n - 1);
}

TEST(Task, ALongChainThatIsDroppedTakesNoStack) {
  const Dropped dropped = []() -> Dropped { (void)co_await depth_without_end(1'000'000); }();
}

TEST(Task, AnAwaitedChildAllocatesNothingOnceItsSizeIsKnown) {
  if (!internal::RecycledMemory::kKeeps) GTEST_SKIP() << "sanitizers are to see each frame's end";
  std::size_t during = 0;
  const auto measured = [](std::size_t& during) -> Task<> {
    (void)co_await number(0);
    const std::size_t before = allocations();
    for (int i = 0; i < 1000; ++i) (void)co_await number(i);
    during = allocations() - before;
  };
  sync_wait(measured(during));
  EXPECT_EQ(during, 0u);
}

// Awaits what another thread will resume.
struct Handover {
  std::atomic<void*> waiting{nullptr};
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> frame) noexcept { waiting.store(frame.address()); }
  void await_resume() const noexcept {}
};

TEST(TaskAmongThreads, GoesOnInTheThreadThatResumesItAndSyncWaitSeesItsWork) {
  check([](weft::Run& run) {
    Handover handover;
    int work = 0;  // not atomic: the task and sync_wait() alone order the threads
    const auto child = [](Handover& handover, int& work) -> Task<int> {
      ++work;
      co_await handover;
      ++work;
      co_return work;
    };
    const auto parent = [](Task<int> of) -> Task<int> { co_return co_await std::move(of) + 1; };
    run.thread("waits", [&] {
      run.require(sync_wait(parent(child(handover, work))) == 3, "the result");
      run.require(work == 2, "the work is seen");
    });
    run.thread("resumes", [&] {
      void* frame = nullptr;
      while ((frame = handover.waiting.load()) == nullptr) std::this_thread::yield();
      std::coroutine_handle<>::from_address(frame).resume();
    });
    run.join();
  });
}

// A frame may be freed by another thread than its own, and after the end of either.
TEST(TaskAmongThreads, FramesMayEndInOtherThreads) {
  check([](weft::Run& run) {
    std::vector<Task<int>> made;
    std::thread maker([&] {
      for (int i = 0; i < 100; ++i) made.push_back(number(i));
    });
    maker.join();
    int sum = 0;
    run.thread([&] {
      for (auto& task : made) sum += sync_wait(std::move(task));
    });
    run.join();
    run.require(sum == 4950, "each has its result");
  });
}

TEST(RecycledMemory, GivesWhatIsAskedForAndForgetsNothing) {
  using internal::RecycledMemory;
  std::vector<std::pair<unsigned char*, std::size_t>> frames;
  for (int round = 0; round < 3; ++round) {
    for (std::size_t size = 1; size <= 1024; size += 13) {
      auto* const frame = static_cast<unsigned char*>(RecycledMemory::allocate(size));
      std::fill(frame, frame + size, static_cast<unsigned char>(size));
      frames.emplace_back(frame, size);
    }
    for (const auto& [frame, size] : frames) {
      for (std::size_t i = 0; i < size; ++i) {
        ASSERT_EQ(frame[i], static_cast<unsigned char>(size)) << "two frames share memory";
      }
      RecycledMemory::free(frame, size);
    }
    frames.clear();
  }
}

}  // namespace
}  // namespace weft
