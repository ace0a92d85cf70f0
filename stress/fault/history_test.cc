// What processes see of a queue, a lock and a semaphore, some of them killed meanwhile: each
// history is judged against the same models as those of threads.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/time.h>

#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/ipc/ipc_errors.h"
#include "primitives/ipc/lock.h"
#include "primitives/ipc/semaphore.h"
#include "primitives/ipc/shared_object.h"
#include "primitives/message/queue.h"
#include "stress/fault/single_step.h"
#include "stress/ipc/child.h"
#include "stress/linearize/judge.h"
#include "stress/linearize/models/queue.h"
#include "stress/linearize/models/semaphore.h"
#include "stress/linearize/shared_recorder.h"

namespace weft::fault {
namespace {

using linearize::SharedRecorder;
using linearize::Specification;
using testing_ipc::Child;

constexpr unsigned kWorkers = 3;
constexpr unsigned kVictims = 3;
constexpr unsigned kDeaths = kWorkers + kVictims;  // the first of the lanes of their deaths
constexpr unsigned kLanes = kDeaths + kVictims;

bool is_victim(unsigned lane) { return lane >= kWorkers; }

// Within some microseconds.
void die_soon(std::minstd_rand& random) {
  const itimerval when{.it_interval = {},
                       .it_value = {.tv_sec = 0, .tv_usec = 1 + static_cast<long>(random() % 30)}};
  (void)::signal(SIGALRM, SIG_DFL);
  (void)::setitimer(ITIMER_REAL, &when, nullptr);
}

// Of each, of up to three operations. Few, so that there is an answer also where a loaded machine
// stops a process inside a call: each call of the others may then come before it or after.
constexpr std::size_t kCalls = 10;

unsigned number_of(const Specification& model, std::string_view operation) {
  const auto names = model.functions();
  for (unsigned i = 0; i < names.size(); ++i) {
    if (names[i] == operation) return i;
  }
  throw ValueError("the model has no " + std::string(operation));
}

// What is judged, with the reasons.
std::string judged(const Specification& model, const linearize::History& history) {
  const linearize::Judgement judgement = linearize::judge(model, history);
  if (judgement.verdict == linearize::Verdict::kLinearizable) return "linearizable";
  if (judgement.verdict == linearize::Verdict::kUndecided) return "undecided";
  return "violated, after " + std::to_string(judgement.order.size()) + " calls: " + judgement.state;
}

std::size_t pending_calls(const linearize::History& history) {
  std::size_t pending = 0;
  for (const auto& operations : history.threads) {
    pending += !operations.empty() && operations.back().end == linearize::End::kPending ? 1 : 0;
  }
  return pending;
}

// One history: processes that call `step(recorder, lane, random)` kCalls times each; of the victims
// each is killed by a timer, which it winds up before one of its calls. `death`: the operation by
// which the model is told of one, with the lane; none if it need not know.
template <class Step>
linearize::History history_of(unsigned seed, const Step& step, std::optional<unsigned> death = {}) {
  SharedRecorder recorder(kLanes, 3 * kCalls);
  const auto begun = weft::internal::SharedObject<std::atomic<unsigned>>::make();
  const auto work = [&](unsigned lane) {
    std::minstd_rand random(seed * 31 + lane);
    const std::size_t last = random() % kCalls;
    (void)begun->fetch_add(1);
    while (begun->load() < kWorkers + kVictims) std::this_thread::yield();
    for (std::size_t i = 0; i < kCalls; ++i) {
      if (is_victim(lane) && i == last) die_soon(random);
      step(recorder, lane, random);
    }
    while (is_victim(lane)) std::this_thread::yield();
    return 0;
  };
  // Somewhere between these two marks it dies.
  for (unsigned i = 0; death && i < kVictims; ++i) {
    recorder.invoke(kDeaths + i, *death, kWorkers + i);
  }
  std::deque<Child> processes;
  for (unsigned lane = 0; lane < kDeaths; ++lane) {
    processes.emplace_back([&, lane] { return work(lane); });
  }
  for (unsigned lane = 0; lane < kDeaths; ++lane) {
    const int end = processes[lane].wait();
    EXPECT_TRUE(is_victim(lane) ? end == -SIGALRM || end == -SIGKILL : end == 0) << end;
    if (death && is_victim(lane)) {
      recorder.returns(kDeaths + lane - kWorkers, linearize::Value());
    }
  }
  return recorder.history();
}

void kill_and_wait(Child& victim) {
  victim.kill();
  (void)victim.wait();
}

constexpr unsigned kHistories = 144;

TEST(HistoriesOfProcesses, OfAQueueAreThoseOfAQueue) {
  const auto model = linearize::models::queue();
  const unsigned put = number_of(model, "put");
  const unsigned try_get = number_of(model, "try_get");
  std::size_t pending = 0;
  for (unsigned seed = 0; seed < kHistories; ++seed) {
    ipc::Queue<std::int64_t> queue;
    const auto history =
        history_of(seed, [&](SharedRecorder& recorder, unsigned lane, std::minstd_rand& random) {
          if (random() % 2 == 0) {
            const std::int64_t item = static_cast<std::int64_t>(lane) * 1'000'000 + random() % 1000;
            recorder.call(lane, put, item, [&] { queue.put(item); });
          } else {
            (void)recorder.call(lane, try_get, {}, [&] { return queue.try_get(); });
          }
        });
    pending += pending_calls(history);
    ASSERT_EQ(judged(model, history), "linearizable") << "seed " << seed;
  }
  RecordProperty("pending", static_cast<int>(pending));
}

// A process that is killed after so many instructions of its call, which so is a pending one.
TEST(HistoriesOfProcesses, OfAQueueWithACallInWhichItsProcessWasKilled) {
  const auto model = linearize::models::queue();
  const unsigned put = number_of(model, "put");
  const unsigned try_get = number_of(model, "try_get");
  std::size_t pending = 0;
  for (const unsigned operation : {put, try_get}) {
    bool has_ended = false;
    for (unsigned steps = 0; !has_ended; steps += 101) {
      ipc::Queue<std::int64_t> queue;
      SharedRecorder recorder(2, 8);
      recorder.call(1, put, 12, [&] { queue.put(12); });
      SingleStep victim([] { ipc::Queue<int>().put(1); },
                        [&] {
                          if (operation == put) {
                            recorder.call(0, put, 11, [&] { queue.put(11); });
                          } else {
                            (void)recorder.call(0, try_get, {}, [&] { return queue.try_get(); });
                          }
                        });
      for (unsigned i = 0; i < steps && !has_ended; ++i) has_ended = !victim.step();
      victim.kill();
      victim.wait();
      recorder.call(1, put, 13, [&] { queue.put(13); });
      for (int i = 0; i < 4; ++i) {
        (void)recorder.call(1, try_get, {}, [&] { return queue.try_get(); });
      }
      const auto history = recorder.history();
      pending += pending_calls(history);
      ASSERT_EQ(judged(model, history), "linearizable") << "after " << steps << " instructions";
    }
  }
  EXPECT_GT(pending, 2u);
  RecordProperty("pending", static_cast<int>(pending));
}

TEST(HistoriesOfProcesses, OfASemaphoreAreThoseOfASemaphore) {
  const auto model = linearize::models::semaphore(2);
  const unsigned try_acquire = number_of(model, "try_acquire");
  const unsigned release = number_of(model, "release");
  const unsigned value = number_of(model, "value");
  for (unsigned seed = 0; seed < kHistories; ++seed) {
    ipc::Semaphore semaphore(2);
    const auto history = history_of(seed, [&](SharedRecorder& recorder, unsigned lane,
                                              std::minstd_rand& random) {
      if (random() % 4 == 0) {
        (void)recorder.call(lane, value, {},
                            [&] { return static_cast<std::int64_t>(semaphore.value()); });
      } else if (recorder.call(lane, try_acquire, {}, [&] { return semaphore.try_acquire(); })) {
        recorder.call(lane, release, {}, [&] { semaphore.release(); });
      }
    });
    ASSERT_EQ(judged(model, history), "linearizable") << "seed " << seed;
  }
}

// A lock that tells of its holder's death. The lane that calls is an argument, because the test's
// own process says who was killed; a dead one takes nothing and gives nothing back.
struct RobustLock {
  std::int64_t holder = -1;
  bool inconsistent = false;
  std::set<std::int64_t> dead = {};

  bool is_left() const { return inconsistent || dead.contains(holder); }
  linearize::Waits<> acquire(std::int64_t who) {
    if (dead.contains(who)) return linearize::not_enabled;
    if (is_left()) return linearize::throws("OwnerDiedError");
    if (holder >= 0) return linearize::not_enabled;
    holder = who;
    return linearize::done;
  }
  linearize::Waits<bool> recover(std::int64_t who) {
    if (dead.contains(who)) return linearize::not_enabled;
    if (!is_left()) return false;
    inconsistent = false;
    holder = who;
    return true;
  }
  linearize::Waits<> release(std::int64_t who) {
    if (dead.contains(who)) return linearize::not_enabled;
    if (holder < 0) return linearize::throws("RuntimeError");
    holder = -1;
    return linearize::done;
  }
  void kill(std::int64_t who) { dead.insert(who); }
};

linearize::ModelOf<RobustLock> robust_lock() {
  return linearize::ModelOf<RobustLock>("robust_lock")
      .operation("acquire", &RobustLock::acquire)
      .operation("recover", &RobustLock::recover)
      .operation("release", &RobustLock::release)
      .operation("kill", &RobustLock::kill);
}
enum LockCall : unsigned { kAcquire, kRecover, kRelease, kKill };

TEST(HistoriesOfProcesses, OfALockAreThoseOfALockThatTellsOfItsHoldersDeath) {
  const auto model = robust_lock();
  std::size_t told = 0;
  for (unsigned seed = 0; seed < kHistories; ++seed) {
    ipc::Lock lock;
    const auto history = history_of(
        seed,
        [&](SharedRecorder& recorder, unsigned lane, std::minstd_rand& random) {
          bool holds = false;
          try {
            recorder.call(lane, kAcquire, lane, [&] { lock.acquire(); });
            holds = true;
          } catch (const ipc::OwnerDiedError&) {
            holds = recorder.call(lane, kRecover, lane, [&] { return lock.recover(); });
          }
          // Of the victims some die here by themselves, so that in each run somebody is told.
          if (holds && is_victim(lane) && random() % 8 == 0) (void)::raise(SIGKILL);
          for (volatile unsigned i = 0; i < random() % 2000; i = i + 1) {
          }
          if (holds) recorder.call(lane, kRelease, lane, [&] { lock.release(); });
        },
        kKill);
    for (const auto& operations : history.threads) {
      for (const auto& each : operations) {
        told += each.function == kAcquire && each.end == linearize::End::kReturned &&
                        each.result == linearize::thrown("OwnerDiedError")
                    ? 1
                    : 0;
      }
    }
    ASSERT_EQ(judged(model, history), "linearizable") << "seed " << seed;
  }
  EXPECT_GT(told, 0u);
  RecordProperty("told", static_cast<int>(told));
}

// Controls: the judge can tell. Each comes about step by step, by what one process has seen of the
// other's progress.
struct Steps {
  std::atomic<int> done{0};
  void reach(int step) { done.store(step); }
  void await(int step) const {
    while (done.load() < step) std::this_thread::yield();
  }
};

// A queue of processes without a lock: who gets looks first and takes then.
struct CarelessQueue {
  std::int64_t items[4] = {11, 12, 13, 14};
  std::atomic<int> front{0};
};

std::string judged_with_careless_get(bool overlap) {
  const auto model = linearize::models::queue();
  const unsigned put = number_of(model, "put");
  const unsigned try_get = number_of(model, "try_get");
  const auto queue = weft::internal::SharedObject<CarelessQueue>::make();
  const auto steps = weft::internal::SharedObject<Steps>::make();
  SharedRecorder recorder(3, 8);
  for (const std::int64_t item : queue->items) recorder.call(2, put, item, [] {});
  Child first([&] {
    (void)recorder.call(0, try_get, {}, [&] {
      const int front = queue->front.load();
      if (overlap) {
        steps->reach(1);
        steps->await(2);
      }
      queue->front.store(front + 1);
      return queue->items[front];
    });
    steps->reach(3);
    return 0;
  });
  Child second([&] {
    steps->await(overlap ? 1 : 3);
    (void)recorder.call(1, try_get, {}, [&] { return queue->items[queue->front++]; });
    if (overlap) steps->reach(2);
    return 0;
  });
  EXPECT_EQ(first.wait(), 0);
  EXPECT_EQ(second.wait(), 0);
  return judged(model, recorder.history());
}

TEST(HistoriesOfProcesses, OfAQueueWithoutALockAreCondemned) {
  EXPECT_EQ(judged_with_careless_get(false), "linearizable");
  EXPECT_NE(judged_with_careless_get(true).find("violated"), std::string::npos);
}

// What a killed process had got comes again: right if it was killed in the call, wrong if the call
// had returned.
std::string judged_with_an_item_twice(bool returned) {
  const auto model = linearize::models::queue();
  const unsigned put = number_of(model, "put");
  const unsigned try_get = number_of(model, "try_get");
  const auto steps = weft::internal::SharedObject<Steps>::make();
  SharedRecorder recorder(3, 8);
  recorder.call(2, put, 11, [] {});
  Child victim([&]() -> int {
    recorder.invoke(0, try_get);
    if (returned) recorder.returns(0, 11);
    steps->reach(1);
    for (;;) std::this_thread::yield();
  });
  steps->await(1);
  kill_and_wait(victim);
  (void)recorder.call(1, try_get, {}, [] { return std::int64_t{11}; });
  const auto history = recorder.history();
  EXPECT_EQ(pending_calls(history), returned ? 0u : 1u);
  return judged(model, history);
}

TEST(HistoriesOfProcesses, OfAKilledGetMayShowItsItemAgainAndOfOneThatReturnedMayNot) {
  EXPECT_EQ(judged_with_an_item_twice(false), "linearizable");
  EXPECT_NE(judged_with_an_item_twice(true).find("violated"), std::string::npos);
}

TEST(HistoriesOfProcesses, OfALockThatIsGotAfterItsHoldersDeathWithoutAWordAreCondemned) {
  const auto judged_with = [](const linearize::Value& result) {
    SharedRecorder recorder(3, 8);
    recorder.call(0, kAcquire, 0, [] {});
    recorder.call(2, kKill, 0, [] {});
    recorder.invoke(1, kAcquire, 1);
    recorder.returns(1, result);
    return judged(robust_lock(), recorder.history());
  };
  EXPECT_EQ(judged_with(linearize::thrown("OwnerDiedError")), "linearizable");
  EXPECT_NE(judged_with(linearize::Value()).find("violated"), std::string::npos);
}

}  // namespace
}  // namespace weft::fault
