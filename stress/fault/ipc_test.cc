// Every primitive that processes share, with a kill after every single instruction of its
// operations: the survivors go on, soon, and what is left is right.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "primitives/base/errors.h"
#include "primitives/ipc/barrier.h"
#include "primitives/ipc/bounded_semaphore.h"
#include "primitives/ipc/condition.h"
#include "primitives/ipc/event.h"
#include "primitives/ipc/lock.h"
#include "primitives/ipc/rlock.h"
#include "primitives/ipc/semaphore.h"
#include "primitives/ipc/value.h"
#include "stress/fault/kill_after_every_step.h"
#include "stress/fault/survivor.h"

namespace weft::fault {
namespace {

using namespace std::chrono_literals;
using ipc::OwnerDiedError;

constexpr auto kHang = 5000ms;
// Who has not come by then waits for what the dead one did not come to.
constexpr auto kLate = 300ms;

// 99 of 100 survivors within 100 ms, and none that hangs: the rest is the machine's other work.
void expect_survived(const Kills& kills, std::size_t least) {
  for (const std::string& wrong : kills.wrong) ADD_FAILURE() << wrong;
  EXPECT_GE(kills.count, least) << "the operation has at least so many instructions";
  EXPECT_LE(kills.seconds_of_99_percent(), 0.1);
  EXPECT_LE(kills.worst_seconds(), 2.0);
  testing::Test::RecordProperty("kills", static_cast<int>(kills.count));
  testing::Test::RecordProperty("too_early", static_cast<int>(kills.too_early));
  testing::Test::RecordProperty("p99_ms", std::to_string(kills.seconds_of_99_percent() * 1e3));
  testing::Test::RecordProperty("worst_ms", std::to_string(kills.worst_seconds() * 1e3));
}

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
TEST(KillAfterEveryInstruction, OfALockThatIsWaitedForWakesTheWaiter) {
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

TEST(KillAfterEveryInstruction, OfASemaphoresReleaseWakesTheWaiterOrNothingHasHappened) {
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

// That it is set again by the parent wakes nobody: of a set event it does nothing.
TEST(KillAfterEveryInstruction, OfAnEventsSetFreesAllOrNothingHasHappened) {
  struct State {
    ipc::Event event;
    Survivor survivor{[this] {
      event.wait();
      return 0;
    }};
  };
  expect_survived(kill_after_every_step<State>({
                      .operation = [](State& s) { s.event.set(); },
                      .judge = [](State& s) -> std::string {
                        const bool was_set = s.event.is_set();
                        s.event.set();
                        if (!s.survivor.ends_within(kHang)) return "the waiter hangs";
                        return was_set ? "" : kTooEarly;
                      },
                  }),
                  5);
}

// Takes the lock, whoever died with it.
void acquire_anyhow(ipc::Condition& condition) {
  for (;;) {
    try {
      condition.acquire();
      return;
    } catch (const OwnerDiedError&) {
      if (condition.recover()) return;
    }
  }
}

// Tokens that are given and taken: what the dead one has given is there or not, and whoever waits
// gets one.
struct Tokens {
  ipc::Condition condition;
  ipc::RawValue<int> tokens;  // the condition's lock guards both
  ipc::RawValue<int> taken;

  int take() {
    for (;;) {
      acquire_anyhow(condition);
      try {
        condition.wait([this] { return tokens.load() > 0; });
      } catch (const OwnerDiedError&) {
        continue;
      }
      taken.fetch_add(1);
      tokens.fetch_sub(1);
      condition.release();
      return 0;
    }
  }
  void give() {
    acquire_anyhow(condition);
    tokens.fetch_add(1);
    condition.notify();
    condition.release();
  }
};

TEST(KillAfterEveryInstruction, OfANotifyWakesTheWaiterOrIsTold) {
  struct State : Tokens {
    Survivor survivor{[this] { return take(); }};
  };
  expect_survived(kill_after_every_step<State>({
                      .operation = [](State& s) { s.give(); },
                      .judge = [](State& s) -> std::string {
                        acquire_anyhow(s.condition);
                        const bool was_given = s.tokens.load() + s.taken.load() > 0;
                        // Given, but not told of: whoever recovers the lock makes up for it.
                        if (was_given) s.condition.notify();
                        s.condition.release();
                        if (!was_given) s.give();
                        if (!s.survivor.ends_within(kHang)) return "the waiter hangs";
                        if (s.tokens.load() != 0 || s.taken.load() != 1) return "a token is lost";
                        return was_given ? "" : kTooEarly;
                      },
                      .stride = 2,
                  }),
                  30);
}

// The child waits, then a survivor does; one is notified, once: the child, which came first. It is
// killed, anywhere on its way.
TEST(KillAfterEveryInstruction, OfAWaitPassesTheNotificationOn) {
  struct State {
    ipc::Condition condition;
    ipc::RawValue<int> inside;    // how many have come to wait
    ipc::RawValue<int> returned;  // the child's wait has; written with the lock held
    std::optional<Survivor> other;
    bool notified = false;

    void notify() {
      condition.notify();
      condition.release();
      notified = true;
    }
    void meanwhile() {
      if (notified || inside.load() == 0) return;
      if (!other) {
        other.emplace([this] {
          acquire_anyhow(condition);
          inside.fetch_add(1);
          try {
            condition.wait();
            condition.release();
          } catch (const OwnerDiedError&) {  // as good: he looks for himself
          }
          return 0;
        });
      }
      // With the lock, whoever is inside is in the line.
      if (inside.load() == 2 && condition.try_acquire()) notify();
    }
  };
  int passed_on = 0;
  expect_survived(kill_after_every_step<State>({
                      .operation =
                          [](State& s) {
                            s.condition.acquire();
                            s.inside.fetch_add(1);
                            s.condition.wait();
                            s.returned.store(1);
                            s.condition.release();
                          },
                      .judge = [&](State& s) -> std::string {
                        if (!s.other) return kTooEarly;
                        const bool is_due = s.notified && s.returned.load() == 0;
                        if (!is_due) {
                          while (s.inside.load() < 2) {
                          }
                          acquire_anyhow(s.condition);
                          s.notify();
                        }
                        if (!s.other->ends_within(kHang)) return "the other waiter hangs";
                        passed_on += is_due ? 1 : 0;
                        return "";
                      },
                      .meanwhile = [](State& s) { s.meanwhile(); },
                      .stride = 2,
                  }),
                  30);
  EXPECT_GT(passed_on, 10);
}

TEST(KillAfterEveryInstruction, OfABarriersWaitLetsTheOthersThroughOrBreaks) {
  struct State {
    ipc::Barrier barrier{2};
    Survivor survivor{[this] {
      try {
        (void)barrier.wait();
      } catch (const BrokenBarrierError&) {
      }
      return 0;
    }};
    State() {
      while (barrier.n_waiting() == 0) {
      }
    }
  };
  int through = 0;
  int waiting = 0;
  expect_survived(kill_after_every_step<State>({
                      .operation = [](State& s) { (void)s.barrier.wait(); },
                      .judge = [&](State& s) -> std::string {
                        const bool arrived = s.barrier.n_waiting() != 1;
                        if (!arrived) {  // the parent does
                          try {
                            (void)s.barrier.wait_for(kHang);
                          } catch (const BrokenBarrierError&) {
                            return "a barrier of which nobody died inside is broken";
                          }
                        }
                        ++(arrived ? through : waiting);
                        if (!s.survivor.ends_within(kHang)) return "the waiter hangs";
                        s.barrier.reset();
                        if (s.barrier.broken()) return "it cannot be mended";
                        if (s.barrier.n_waiting() != 0) return "a dead one is counted";
                        return arrived ? "" : kTooEarly;
                      },
                      .stride = 2,
                  }),
                  20);
  EXPECT_GT(through, 0);
  EXPECT_GT(waiting, 0);
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
