// Workers that are called and do not come, or share a processor, and who helps them.
#include "primitives/pool/placement.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>
#include <vector>

#include "primitives/base/processors.h"
#include "primitives/pool/spin.h"
#include "primitives/pool/task.h"
#include "primitives/pool/workers.h"
#include "primitives/threading/event.h"
#include "stress/base/affinity_calls.h"

namespace weft {
namespace {

using internal::AwakeWorkers;
using internal::Placement;
using internal::Task;
using internal::Workers;
using Time = Placement::Time;

constexpr pid_t kOne = 1 << 30;  // numbers that no thread has
constexpr pid_t kOther = kOne + 1;

// Notes who is bound; on which processor the callers are is told by the test.
class Bindings : public testing_affinity::AffinityCalls {
 public:
  std::optional<std::uint64_t> get(pid_t thread) override {
    if (thread == 0 || (thread < kOne && !apart.load())) return std::nullopt;
    return ~std::uint64_t{0};
  }
  bool set(pid_t thread, std::uint64_t set) override {
    // When it gets its processors back, that is another binding.
    const int kept_off = sched_getcpu();
    if ((set >> kept_off & 1) == 0) last_bound.store(thread);
    return thread >= kOne || (thread != 0 && apart.load());
  }
  std::optional<int> processor() override {
    if (apart.load()) return gettid() % 64;
    const int told = here.load();
    if (told < 0) return std::nullopt;
    return told;
  }

  std::atomic<pid_t> last_bound{0};
  std::atomic<int> here{-1};
  std::atomic<bool> apart{false};  // each thread is on a processor of its own, it says
};

class PlacementTest : public testing::Test {
 protected:
  void SetUp() override {
    if (internal::processors() < 2) GTEST_SKIP() << "no processor is ever left over";
  }

  Bindings bindings_;
  Placement placement_;
};

void pass(std::chrono::nanoseconds time) {
  const Time end = Placement::Clock::now() + time;
  while (Placement::Clock::now() < end) {
  }
}

// Until all workers lie down.
void await_rest() {
  while (!internal::spare_processor(internal::processors() - 1)) std::this_thread::yield();
}

TEST_F(PlacementTest, ACallIsLateOnceAndNotBeforeItsTime) {
  const Time begin = Placement::Clock::now();
  EXPECT_EQ(placement_.take_late(begin), 0);
  placement_.note(kOne, begin);
  EXPECT_TRUE(placement_.call_pending());
  EXPECT_EQ(placement_.take_late(begin + Placement::kLate - std::chrono::nanoseconds(1)), 0);
  EXPECT_EQ(placement_.take_late(begin + Placement::kLate), kOne);
  EXPECT_FALSE(placement_.call_pending());
  EXPECT_EQ(placement_.take_late(begin + std::chrono::hours(1)), 0) << "once is enough";
}

TEST_F(PlacementTest, WhoHasComeIsNotLate) {
  Placement::Place one;
  one.thread = kOne;
  Placement::Place other;
  other.thread = kOther;
  placement_.note(kOne, Time());
  placement_.came(other);
  EXPECT_TRUE(placement_.call_pending());
  placement_.came(one);
  EXPECT_FALSE(placement_.call_pending());
}

TEST_F(PlacementTest, AWorkerDoesNotSendItself) {
  bindings_.here = 0;
  Placement::Place one;
  one.thread = kOne;
  placement_.note(kOne, Time());
  placement_.see_to_call(one, 0);
  EXPECT_EQ(bindings_.last_bound, 0);
  EXPECT_TRUE(placement_.call_pending()) << "another one may see that it is put aside";
}

TEST_F(PlacementTest, WhileTasksComeFromOutsideNobodyIsSent) {
  bindings_.here = 0;
  Placement::Place worker;
  placement_.note(kOne, Time());
  for (std::uint64_t seen = 1; seen < 5; ++seen) {
    placement_.see_to_call(worker, seen);
    EXPECT_EQ(bindings_.last_bound, 0);
  }
  placement_.see_to_call(worker, 4);
  EXPECT_EQ(bindings_.last_bound, 0) << "the call counts from the last of them";
  pass(Placement::kLate);
  placement_.see_to_call(worker, 4);
  EXPECT_EQ(bindings_.last_bound, kOne);
}

TEST_F(PlacementTest, WhereThereAreMoreWorkersThanProcessorsNobodyIsSent) {
  bindings_.here = 0;
  const std::size_t processors = internal::processors();
  for (std::size_t i = 0; i < processors + 1; ++i) AwakeWorkers::add_one();
  Placement::Place worker;
  placement_.note(kOne, Time());
  placement_.see_to_call(worker, 0);
  placement_.see_to_call();
  EXPECT_FALSE(placement_.moved_to_here(worker));
  EXPECT_EQ(bindings_.last_bound, 0);
  AwakeWorkers::remove_one();
  placement_.see_to_call();
  EXPECT_EQ(bindings_.last_bound, 0) << "who submits has no processor to spare";
  placement_.see_to_call(worker, 0);
  EXPECT_EQ(bindings_.last_bound, kOne) << "a worker is one of those that have a processor each";
  for (std::size_t i = 0; i < processors; ++i) AwakeWorkers::remove_one();
}

TEST_F(PlacementTest, WhoWasPutAsideByOneCallKeepsTheNextOneOffItsProcessor) {
  bindings_.here = 0;
  Placement::Place one;
  one.thread = kOne;
  const auto keeps_off = [&](std::chrono::nanoseconds takes) {
    bindings_.last_bound = 0;
    {
      Placement::Call call(placement_, false);
      call.is_made(kOne);
      EXPECT_TRUE(placement_.call_pending());
      pass(takes);
    }
    placement_.came(one);
    return bindings_.last_bound == kOne;
  };
  EXPECT_FALSE(keeps_off(2 * Placement::kPutAside));
  EXPECT_TRUE(keeps_off(2 * Placement::kPutAside));
  EXPECT_FALSE(keeps_off(2 * Placement::kPutAside)) << "once is enough";
  {
    Placement::Call call(placement_, false);
    pass(2 * Placement::kPutAside);
  }
  EXPECT_TRUE(keeps_off(2 * Placement::kPutAside)) << "after the third call";
  {
    Placement::Call call(placement_, false);
    pass(2 * Placement::kPutAside);
  }
  EXPECT_FALSE(keeps_off(2 * Placement::kPutAside)) << "nobody was called";
}

TEST_F(PlacementTest, TwoThatShareAProcessorPart) {
  Placement::Place one;
  one.thread = kOne;
  Placement::Place other;
  other.thread = kOther;
  bindings_.here = 0;
  EXPECT_TRUE(placement_.moved_to_here(one));
  EXPECT_FALSE(placement_.moved_to_here(one)) << "it was here before";
  bindings_.here = 1;
  EXPECT_TRUE(placement_.moved_to_here(other));
  placement_.part_from(other, one);
  EXPECT_FALSE(placement_.call_pending()) << "they do not share one";
  bindings_.here = 0;
  EXPECT_TRUE(placement_.moved_to_here(other));
  placement_.part_from(other, one);
  EXPECT_TRUE(placement_.call_pending());
  pass(Placement::kLate);
  placement_.see_to_call(other, 0);
  EXPECT_EQ(bindings_.last_bound, kOne);
  placement_.rests(one);
  placement_.part_from(other, one);
  EXPECT_FALSE(placement_.call_pending()) << "who rests is not in the way";
}

// Some things take long on a loaded machine, and then nobody is sent; so there are some attempts.
constexpr int kAttempts = 100;

TEST_F(PlacementTest, TwoWorkersThatShareAProcessorPart) {
  bindings_.here = 0;  // they all say so
  Workers workers({.most = 2});
  for (int i = 0; i < kAttempts && bindings_.last_bound == 0; ++i) {
    await_rest();
    // Once both have begun nobody is called, and what they do then is theirs.
    std::atomic<int> begun{0};
    std::atomic<int> have_submitted{0};
    std::atomic<int> left{52};
    Event done;
    const auto finish_one = [&] {
      if (left.fetch_sub(1) == 1) done.set();
    };
    for (int worker = 0; worker < 2; ++worker) {
      workers.submit(Task::of([&] {
        begun.fetch_add(1);
        while (begun.load() < 2) {
        }
        bindings_.last_bound = 0;
        for (int task = 0; task < 25; ++task) {
          workers.submit(Task::of([&] {
            pass(std::chrono::microseconds(100));
            finish_one();
          }));
        }
        have_submitted.fetch_add(1);
        while (have_submitted.load() < 2) {
        }
        finish_one();
      }));
    }
    done.wait();
  }
  EXPECT_NE(bindings_.last_bound, 0);
}

// A worker that is held fast while it sleeps, so that it does not come when it is called.
std::atomic<int> hold_number{0};  // 0: nobody is held
std::atomic<int> held_number{0};
void hold(int) {
  const int number = hold_number.load();
  held_number.store(number);
  while (number != 0 && hold_number.load() == number) {
  }
}

class PlacementOfWorkersTest : public PlacementTest {
 protected:
  static constexpr int kSignal = SIGUSR2;

  void SetUp() override {
    PlacementTest::SetUp();
    ASSERT_NE(signal(kSignal, hold), SIG_ERR);
  }
  void TearDown() override { (void)signal(kSignal, SIG_DFL); }

  static void hold_fast(pthread_t thread) {
    static int holds = 0;
    hold_number.store(++holds);
    // ThreadSanitizer keeps a signal back that comes just before a system call that it does not
    // know, until another one ends the call.
    while (held_number.load() != holds) {
      ASSERT_EQ(pthread_kill(thread, kSignal), 0);
      pass(std::chrono::microseconds(100));
    }
  }
  static void let_go() { hold_number.store(0); }
};

struct Identity {
  pthread_t thread;
  pid_t number;
};

// Both workers, by a task that each of them does while the other one does its.
std::vector<Identity> identities_of_two(Workers& workers) {
  std::vector<Identity> identities(2);
  std::atomic<int> begun{0};
  std::atomic<int> done{0};
  const auto task = [&](std::size_t i) {
    identities[i] = {pthread_self(), gettid()};
    begun.fetch_add(1);
    while (begun.load() < 2) {
    }
    done.fetch_add(1);
  };
  workers.submit(Task::of([&] { task(0); }));
  workers.submit(Task::of([&] { task(1); }));
  while (done.load() < 2) {
  }
  return identities;
}

TEST_F(PlacementOfWorkersTest, AWorkerSendsTheOneThatItHasCalledAndThatDoesNotCome) {
  Workers workers({.most = 2});
  const std::vector<Identity> both = identities_of_two(workers);
  std::atomic<bool> sent{false};
  for (int i = 0; i < kAttempts && !sent.load(); ++i) {
    await_rest();
    // Whoever begins holds the other one fast, then goes on with tasks of its own.
    Event done;
    workers.submit(Task::of([&] {
      const Identity other = both[0].number == gettid() ? both[1] : both[0];
      hold_fast(other.thread);
      for (int task = 0; task < 20; ++task) {
        // Not what it has been kept off when it was called.
        bindings_.last_bound.store(0);
        workers.submit(Task::of([&, other] {
          pass(std::chrono::microseconds(50));
          if (bindings_.last_bound.load() == other.number) sent.store(true);
        }));
      }
      workers.submit(Task::of([&] { done.set(); }));
    }));
    done.wait();
    let_go();
  }
  EXPECT_TRUE(sent.load());
}

TEST_F(PlacementOfWorkersTest, OneThatHasComeIsNotSent) {
  bindings_.apart = true;
  Workers workers({.most = 2});
  const std::vector<Identity> both = identities_of_two(workers);
  for (int i = 0; i < 20; ++i) {
    await_rest();
    Event ended;
    std::atomic<bool> came{false};
    std::atomic<bool> over{false};
    workers.submit(Task::of([&] {
      const Identity other = both[0].number == gettid() ? both[1] : both[0];
      hold_fast(other.thread);
      workers.submit(Task::of([&] {
        came.store(true);
        while (!over.load()) {
        }
        ended.set();
      }));
      pass(4 * Placement::kLate);
      let_go();
      while (!came.load()) {
      }
      bindings_.last_bound.store(0);
      for (int task = 0; task < 20; ++task) {
        workers.submit(Task::of([] { pass(std::chrono::microseconds(20)); }));
      }
      workers.submit(Task::of([&] { over.store(true); }));
    }));
    ended.wait();
    EXPECT_EQ(bindings_.last_bound, 0);
  }
}

TEST_F(PlacementOfWorkersTest, WhoSubmitsSendsTheOneThatDoesNotCome) {
  Workers workers({.most = 1});
  Identity worker{};
  Event known;
  workers.submit(Task::of([&] {
    worker = {pthread_self(), gettid()};
    known.set();
  }));
  known.wait();
  for (int i = 0; i < kAttempts && bindings_.last_bound.load() != worker.number; ++i) {
    await_rest();
    hold_fast(worker.thread);
    const Time end = Placement::Clock::now() + 4 * Placement::kLate;
    while (Placement::Clock::now() < end) workers.submit(Task::of([] {}));
    let_go();
  }
  EXPECT_EQ(bindings_.last_bound.load(), worker.number);
}

}  // namespace
}  // namespace weft
