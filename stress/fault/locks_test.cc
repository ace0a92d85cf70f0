// What excludes and counts between processes, with a kill after every instruction of its
// operations, or every second or third: the survivors go on, soon, and what is left is right.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <optional>
#include <string>

#include "primitives/ipc/bounded_semaphore.h"
#include "primitives/ipc/lock.h"
#include "primitives/ipc/rlock.h"
#include "primitives/ipc/semaphore.h"
#include "primitives/ipc/shared_object.h"
#include "primitives/ipc/value.h"
#include "stress/fault/expect_survived.h"
#include "stress/fault/kill_after_every_step.h"
#include "stress/fault/survivor.h"

namespace weft::fault {
namespace {

using ipc::OwnerDiedError;

// Two halves of a value, equal outside of critical sections.
struct Pair {
  int first = 0;
  int second = 0;
  void update() {
    *const_cast<volatile int*>(&first) += 1;
    *const_cast<volatile int*>(&second) += 1;
  }
  bool is_whole() const { return first == second; }
};

// Of all kills of a test: how often the next owner was told, and how often he got a torn pair.
struct Told {
  int told = 0;
  int free = 0;
  int torn = 0;
};

template <class L>
struct Guarded {
  L lock;
  ipc::RawValue<Pair> pair;
};

template <class L>
std::string judge_lock(Guarded<L>& state, Told& told) {
  Pair& pair = state.pair.reference();
  try {
    if (!state.lock.acquire_for(kHang)) return "the next one waits for ever";
    ++told.free;
    if (!pair.is_whole()) return "a torn value was got without a word";
  } catch (const OwnerDiedError&) {
    ++told.told;
    told.torn += pair.is_whole() ? 0 : 1;
    if (!state.lock.recover()) return "nobody can recover it";
  }
  state.lock.release();
  if (state.lock.locked()) return "it is not free after the release";
  if (!state.lock.try_acquire()) return "it cannot be taken again";
  state.lock.release();
  return "";
}

template <class L>
void expect_lock_survives() {
  Told told;
  expect_survived(kill_after_every_step<Guarded<L>>({
                      .operation =
                          [](Guarded<L>& s) {
                            const std::scoped_lock hold(s.lock);
                            s.pair.reference().update();
                          },
                      .judge = [&](Guarded<L>& s) { return judge_lock(s, told); },
                  }),
                  20);
  EXPECT_GT(told.told, 0) << "kills inside are told of";
  EXPECT_GT(told.free, 0) << "kills outside are not";
  EXPECT_GT(told.torn, 0) << "and one of them is between the two halves";
}

TEST(KillAfterEveryInstruction, OfALockTellsTheNextHolderOrNothingHasHappened) {
  expect_lock_survives<ipc::Lock>();
}

TEST(KillAfterEveryInstruction, OfAnRLockTellsTheNextOwnerOrNothingHasHappened) {
  expect_lock_survives<ipc::RLock>();
}

// With somebody who sleeps on it at the time.
TEST(KillAfterEveryThirdInstruction, OfALockThatIsWaitedForWakesTheWaiter) {
  struct Waited {
    Guarded<ipc::Lock> guarded;
    std::optional<Survivor> survivor;
    Waited() {
      guarded.lock.acquire();  // by the parent, for the child to release
      survivor.emplace([this] {
        Told told;
        return judge_lock(guarded, told).empty() ? 0 : 1;
      });
    }
  };
  expect_survived(kill_after_every_step<Waited>({
                      .operation =
                          [](Waited& s) {
                            s.guarded.lock.release();
                            s.guarded.lock.acquire();
                            s.guarded.lock.release();
                          },
                      .judge = [](Waited& s) -> std::string {
                        // Before the child's release it is the parent's, who lives.
                        if (s.survivor->ends_within(kLate)) return "";
                        s.guarded.lock.release();
                        return s.survivor->ends_within(kHang) ? kTooEarly : "the waiter hangs";
                      },
                      .stride = 3,
                  }),
                  10);
}

TEST(KillAfterEveryInstruction, OfASemaphoreLosesAtMostTheDeadOnesPermit) {
  struct State {
    ipc::Semaphore semaphore{2};
  };
  int lost = 0;
  expect_survived(kill_after_every_step<State>({
                      .operation =
                          [](State& s) {
                            s.semaphore.acquire();
                            s.semaphore.release();
                          },
                      .judge = [&](State& s) -> std::string {
                        const auto value = s.semaphore.value();
                        if (value != 1 && value != 2) return "value " + std::to_string(value);
                        lost += value == 1 ? 1 : 0;
                        if (!s.semaphore.acquire_for(kHang)) return "no permit can be taken";
                        s.semaphore.release();
                        return s.semaphore.value() == value ? "" : "the count has changed";
                      },
                  }),
                  10);
  EXPECT_GT(lost, 0);
}

TEST(KillAfterEverySecondInstruction, OfASemaphoresReleaseWakesTheWaiterOrNothingHasHappened) {
  struct State {
    ipc::Semaphore semaphore{0};
    Survivor survivor{[this] {
      semaphore.acquire();
      return 0;
    }};
  };
  expect_survived(kill_after_every_step<State>({
                      .operation = [](State& s) { s.semaphore.release(); },
                      .judge = [](State& s) -> std::string {
                        if (s.survivor.ends_within(kLate)) {
                          return s.semaphore.value() == 0 ? "" : "a permit was made twice";
                        }
                        s.semaphore.release();
                        if (!s.survivor.ends_within(kHang)) return "the waiter hangs";
                        return s.semaphore.value() == 0 ? kTooEarly
                                                        : "a permit was there, and he slept";
                      },
                      .stride = 2,
                  }),
                  5);
}

TEST(KillAfterEveryInstruction, OfABoundedSemaphoreGivesEveryPermitBack) {
  struct State {
    ipc::BoundedSemaphore semaphore{1};
  };
  Told told;
  expect_survived(kill_after_every_step<State>({
                      .operation =
                          [](State& s) {
                            s.semaphore.acquire();
                            s.semaphore.release();
                          },
                      .judge = [&](State& s) -> std::string {
                        try {
                          if (!s.semaphore.acquire_for(kHang)) return "no permit can be taken";
                          ++told.free;
                          s.semaphore.release();
                        } catch (const OwnerDiedError&) {
                          ++told.told;
                          if (s.semaphore.recover() != 1) return "nothing is to be recovered";
                        }
                        if (s.semaphore.recover() != 0) return "something is left to recover";
                        return s.semaphore.value() == 1 ? "" : "a permit is lost";
                      },
                  }),
                  50);
  EXPECT_GT(told.told, 0);
  EXPECT_GT(told.free, 0);
}

TEST(KillAfterEveryInstruction, OfAnUpdateOfAValueLeavesItWholeOrIsTold) {
  struct State {
    ipc::Value<Pair> value;
  };
  Told told;
  expect_survived(kill_after_every_step<State>({
                      .operation = [](State& s) { s.value.with_lock([](Pair& p) { p.update(); }); },
                      .judge = [&](State& s) -> std::string {
                        try {
                          if (!s.value.get().is_whole()) return "torn, without a word";
                          ++told.free;
                        } catch (const OwnerDiedError&) {
                          ++told.told;
                          if (!s.value.get_lock().recover()) return "nobody can recover it";
                          s.value.set(Pair{});
                          s.value.get_lock().release();
                        }
                        return s.value.get().is_whole() ? "" : "torn in the end";
                      },
                  }),
                  20);
  EXPECT_GT(told.told, 0);
  EXPECT_GT(told.free, 0);
}

// The judges can tell: what is no robust lock is caught by them.
struct Careless {
  std::atomic<int> held{0};
  void lock() {
    while (held.exchange(1) != 0) {
    }
  }
  void unlock() { held = 0; }
};

TEST(KillAfterEveryInstruction, OfALockThatKnowsNoOwnerIsCaught) {
  struct State {
    internal::SharedObject<Careless> lock = internal::SharedObject<Careless>::make();
  };
  const Kills kills = kill_after_every_step<State>({
      .operation =
          [](State& s) {
            s.lock->lock();
            s.lock->unlock();
          },
      .judge = [](State& s) -> std::string {
        return s.lock->held == 0 ? "" : "the next one waits for ever";
      },
  });
  EXPECT_FALSE(kills.wrong.empty());
  EXPECT_LT(kills.wrong.size(), kills.count) << "and not every kill is one inside";
}

}  // namespace
}  // namespace weft::fault
