// What processes see of a lock, some of them killed as its holders: each history is judged against
// a lock that tells of its holder's death.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <cstdint>
#include <random>
#include <set>
#include <string>

#include "primitives/ipc/ipc_errors.h"
#include "primitives/ipc/lock.h"
#include "stress/fault/history_of_processes.h"
#include "stress/linearize/model.h"

namespace weft::fault {
namespace {

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
  // Also with a limit.
  linearize::Waits<bool> try_acquire(std::int64_t who) {
    if (dead.contains(who)) return linearize::not_enabled;
    if (is_left()) return linearize::throws("OwnerDiedError");
    if (holder >= 0) return false;
    holder = who;
    return true;
  }
  void kill(std::int64_t who) { dead.insert(who); }
};

linearize::ModelOf<RobustLock> robust_lock() {
  return linearize::ModelOf<RobustLock>("robust_lock")
      .operation("acquire", &RobustLock::acquire)
      .operation("recover", &RobustLock::recover)
      .operation("release", &RobustLock::release)
      .operation("kill", &RobustLock::kill)
      .operation("try_acquire", &RobustLock::try_acquire);
}
constexpr std::chrono::milliseconds kSeveralSleeps{20};

enum LockCall : unsigned { kAcquire, kRecover, kRelease, kKill, kTryAcquire };

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

// For as long as others look, wait in vain with a limit, and wait without.
TEST(HistoriesOfProcesses, OfALockWhoseHolderLivesTellOfNoDeath) {
  ipc::Lock lock;
  SharedRecorder recorder(3, 8);
  const auto steps = weft::internal::SharedObject<Steps>::make();
  Child holder([&] {
    recorder.call(0, kAcquire, 0, [&] { lock.acquire(); });
    steps->reach(1);
    steps->await(2);
    recorder.call(0, kRelease, 0, [&] { lock.release(); });
    return 0;
  });
  steps->await(1);
  Child waiter([&] {
    recorder.call(2, kAcquire, 2, [&] { lock.acquire(); });
    recorder.call(2, kRelease, 2, [&] { lock.release(); });
    return 0;
  });
  // Of the sleeps with a limit several end before it, and each looks who lives.
  for (const std::chrono::milliseconds limit : {std::chrono::milliseconds(0), kSeveralSleeps}) {
    EXPECT_FALSE(recorder.call(1, kTryAcquire, 1, [&] { return lock.acquire_for(limit); }));
  }
  steps->reach(2);
  EXPECT_EQ(holder.wait(), 0);
  EXPECT_EQ(waiter.wait(), 0);
  EXPECT_EQ(judged(robust_lock(), recorder.history()), "linearizable");
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
