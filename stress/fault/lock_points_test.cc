// What excludes and counts between processes, with a kill before and after each named step of an
// operation in which somebody else takes part: the one is asleep until the other comes.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "primitives/ipc/bounded_semaphore.h"
#include "primitives/ipc/lock.h"
#include "primitives/ipc/rlock.h"
#include "primitives/ipc/semaphore.h"
#include "primitives/ipc/shared_object.h"
#include "primitives/ipc/value.h"
#include "stress/fault/asleep.h"
#include "stress/fault/expect_survived.h"
#include "stress/fault/kill_at_points.h"
#include "stress/fault/survivor.h"
#include "stress/fault/symbols.h"
#include "stress/ipc/child.h"

namespace weft::fault {
namespace {

using Names = std::vector<std::string>;
using ipc::OwnerDiedError;
using testing_ipc::Child;

// Two numbers that are equal outside of critical sections, and what came of those who looked.
template <class L>
struct Guarded {
  L lock;
  ipc::RawValue<int> first, second;
  ipc::RawValue<int> told, torn_without_a_word;

  void update() {
    first.fetch_add(1);
    second.fetch_add(1);
  }
  // Takes it, makes it good if that is needed, and lets it go. False if it cannot be taken.
  bool use() {
    try {
      if (!lock.acquire_for(kHang)) return false;
      if (first.load() != second.load()) torn_without_a_word.store(1);
    } catch (const OwnerDiedError&) {
      told.store(1);
      if (!lock.recover()) return false;
      second.store(first.load());
    }
    lock.release();
    return true;
  }
  std::string wrong() {
    if (torn_without_a_word.load() != 0) return "a torn value was got without a word";
    if (!use()) return "it cannot be taken again";
    return lock.locked() ? "it is not free after the release" : "";
  }
};

// The child has the lock when the survivor comes, who sleeps on it when it is released.
template <class L>
struct HandOver : Guarded<L> {
  ipc::RawValue<int> held;
  Survivor next{[this] {
    while (held.load() == 0) {
    }
    return this->use() ? 0 : 1;
  }};
  void run() {
    this->lock.acquire();
    this->first.fetch_add(1);
    held.store(1);
    wait_until_asleep_or_dead(next.pid());
    this->second.fetch_add(1);
    this->lock.release();
  }
  std::string judge() {
    held.store(1);
    if (!next.ends_within(kHang)) return "the next one waits for ever";
    return this->wrong();
  }
};

template <class L>
void expect_hand_over(const Names& functions) {
  using State = HandOver<L>;
  int told = 0;
  int free = 0;
  const auto kills = kill_at_points<State>({.operation = [](State& s) { s.run(); },
                                            .judge =
                                                [&](State& s) {
                                                  const std::string wrong = s.judge();
                                                  ++(s.told.load() != 0 ? told : free);
                                                  return wrong;
                                                }},
                                           functions);
  expect_survived_at(functions, kills);
  EXPECT_GT(told, 0);
  EXPECT_GT(free, 0);
}

TEST(KillAtPoints, OfALocksHandOverTellsTheNextHolderOrNothingHasHappened) {
  expect_hand_over<ipc::Lock>({"weft::ipc::Lock::acquire", "weft::internal::RobustWord::take",
                               "weft::ipc::Lock::release", "weft::internal::RobustWord::leave",
                               "weft::internal::wake_shared"});
}

TEST(KillAtPoints, OfAnRLocksHandOverTellsTheNextOwnerOrNothingHasHappened) {
  expect_hand_over<ipc::RLock>({"weft::ipc::RLock::acquire", "weft::internal::RobustWord::take",
                                "weft::ipc::RLock::release", "weft::internal::RobustWord::leave",
                                "weft::internal::wake_shared"});
}

// The other way round: it is the child that sleeps, and a survivor lets it go on.
template <class L>
struct WaitForIt : Guarded<L> {
  ipc::RawValue<int> held, victim;
  Survivor holder{[this] {
    this->lock.acquire();
    held.store(1);
    while (victim.load() == 0) {
    }
    wait_until_asleep_or_dead(victim.load());
    this->lock.release();
    return 0;
  }};
  void run() {
    while (held.load() == 0) {
    }
    victim.store(::getpid());
    this->lock.acquire();
    this->update();
    this->lock.release();
  }
  std::string judge() {
    if (!holder.ends_within(kHang)) return "the holder cannot let it go";
    if (!this->use()) return "the next one waits for ever";
    return this->wrong();
  }
};

template <class L>
void expect_wait(const Names& functions) {
  using State = WaitForIt<L>;
  expect_survived_at(functions, kill_at_points<State>({.operation = [](State& s) { s.run(); },
                                                       .judge = [](State& s) { return s.judge(); }},
                                                      functions));
}

TEST(KillAtPoints, OfAWaitForALockLeavesItToTheOthers) {
  expect_wait<ipc::Lock>({"weft::internal::RobustWord::lock_slowly",
                          "weft::internal::RobustWord::mark_waiters",
                          "weft::internal::BoundedWait::wait"});
}

TEST(KillAtPoints, OfAWaitForAnRLockLeavesItToTheOthers) {
  expect_wait<ipc::RLock>({"weft::internal::RobustWord::lock_slowly",
                           "weft::internal::RobustWord::mark_waiters",
                           "weft::internal::BoundedWait::wait"});
}

// Two deaths: who finds the lock of the dead is killed while it notices and recovers it.
template <class L>
struct Recover : Guarded<L> {
  Recover() {
    Child holder([this] {
      this->lock.acquire();
      this->first.fetch_add(1);
      return 0;
    });
    (void)holder.wait();
  }
};

template <class L>
void expect_recovery(const Names& functions) {
  using State = Recover<L>;
  int told = 0;
  const auto kills = kill_at_points<State>({.operation = [](State& s) { (void)s.use(); },
                                            .judge = [&](State& s) -> std::string {
                                              s.told.store(0);
                                              if (!s.use()) return "the next one waits for ever";
                                              told += s.told.load();
                                              return s.wrong();
                                            }},
                                           functions);
  expect_survived_at(functions, kills);
  EXPECT_GT(told, 0) << "the next one is told of the second death";
}

TEST(KillAtPoints, OfALocksRecoveryTellsTheNextOne) {
  expect_recovery<ipc::Lock>(
      {"weft::internal::RobustWord::tell_death", "weft::internal::RobustWord::mark_died",
       "weft::internal::RobustWord::recover", "weft::internal::wake_all_shared"});
}

TEST(KillAtPoints, OfAnRLocksRecoveryTellsTheNextOne) {
  expect_recovery<ipc::RLock>(
      {"weft::internal::RobustWord::tell_death", "weft::internal::RobustWord::recover"});
}

TEST(KillAtPoints, OfASemaphoresReleaseMakesThePermitOrNot) {
  struct State {
    ipc::Semaphore semaphore{0};
    Survivor taker{[this] {
      semaphore.acquire();
      return 0;
    }};
  };
  const Names functions = {"weft::ipc::Semaphore::release", "weft::internal::PermitWord::give",
                           "weft::internal::wake_shared"};
  const auto kills = kill_at_points<State>(
      {.operation =
           [](State& s) {
             wait_until_asleep_or_dead(s.taker.pid());
             s.semaphore.release();
           },
       .judge = [](State& s) -> std::string {
         if (s.taker.ends_within(kLate)) {
           return s.semaphore.value() == 0 ? "" : "a permit was made twice";
         }
         s.semaphore.release();
         if (!s.taker.ends_within(kHang)) return "the taker hangs";
         return s.semaphore.value() == 0 ? kTooEarly : "a permit was there, and he slept";
       }},
      functions);
  expect_survived_at(functions, kills);
  EXPECT_LT(kills.too_early, kills.count);
}

TEST(KillAtPoints, OfAWaitForAPermitLosesAtMostThatOne) {
  struct State {
    ipc::Semaphore semaphore{0};
    ipc::RawValue<int> victim;
    Survivor giver{[this] {
      while (victim.load() == 0) {
      }
      wait_until_asleep_or_dead(victim.load());
      semaphore.release();
      return 0;
    }};
  };
  const Names functions = {"weft::internal::PermitWord::take_slowly",
                           "weft::internal::BoundedWait::wait", "weft::ipc::Semaphore::release"};
  expect_survived_at(functions, kill_at_points<State>({.operation =
                                                           [](State& s) {
                                                             s.victim.store(::getpid());
                                                             s.semaphore.acquire();
                                                             s.semaphore.release();
                                                           },
                                                       .judge = [](State& s) -> std::string {
                                                         if (!s.giver.ends_within(kHang))
                                                           return "the giver hangs";
                                                         const auto value = s.semaphore.value();
                                                         if (value != 0 && value != 1)
                                                           return "a wrong count";
                                                         s.semaphore.release();
                                                         if (!s.semaphore.acquire_for(kHang)) {
                                                           return "a permit cannot be taken";
                                                         }
                                                         return s.semaphore.value() == value
                                                                    ? ""
                                                                    : "another count";
                                                       }},
                                                      functions));
}

// Also killed while it finds the permit of a dead one, and gives it back.
TEST(KillAtPoints, OfABoundedSemaphoreGivesEveryPermitBack) {
  struct State {
    ipc::BoundedSemaphore semaphore{1};
    bool use() {
      try {
        if (!semaphore.acquire_for(kHang)) return false;
        semaphore.release();
      } catch (const OwnerDiedError&) {
        (void)semaphore.recover();
      }
      return true;
    }
    std::string judge() {
      for (int i = 0; i < 2; ++i) {
        if (!use()) return "no permit can be taken";
      }
      if (semaphore.recover() != 0) return "something is left to recover";
      return semaphore.value() == 1 ? "" : "a permit is lost";
    }
  };
  struct OfADeadOne : State {
    OfADeadOne() {
      Child holder([this] {
        semaphore.acquire();
        return 0;
      });
      (void)holder.wait();
    }
  };
  const Names taking = {"weft::ipc::BoundedSemaphore::acquire_before",
                        "weft::ipc::BoundedSemaphore::take",
                        "weft::ipc::BoundedSemaphore::release"};
  expect_survived_at(taking, kill_at_points<State>({.operation = [](State& s) { (void)s.use(); },
                                                    .judge = [](State& s) { return s.judge(); }},
                                                   taking));
  const Names recovering = {"weft::ipc::BoundedSemaphore::acquire_before",
                            "weft::ipc::BoundedSemaphore::tell",
                            "weft::ipc::BoundedSemaphore::recover"};
  expect_survived_at(recovering,
                     kill_at_points<OfADeadOne>({.operation = [](State& s) { (void)s.use(); },
                                                 .judge = [](State& s) { return s.judge(); }},
                                                recovering));
}

TEST(KillAtPoints, OfAnUpdateOfAValueLeavesItWholeOrIsTold) {
  struct Pair {
    int first = 0, second = 0;
  };
  struct State {
    ipc::Value<Pair> value;
    ipc::RawValue<int> held;
    Survivor next{[this] {
      while (held.load() == 0) {
      }
      try {
        return value.with_lock([](const Pair& p) { return p.first == p.second ? 0 : 1; });
      } catch (const OwnerDiedError&) {
        if (!value.get_lock().recover()) return 2;
        value.set(Pair{});
        value.get_lock().release();
        return 0;
      }
    }};
  };
  const Names functions = {"weft::ipc::RLock::acquire", "weft::ipc::RLock::release",
                           "weft::internal::RobustWord::leave", "weft::internal::wake_shared"};
  expect_survived_at(
      functions, kill_at_points<State>({.operation =
                                            [](State& s) {
                                              s.value.with_lock([&](Pair& p) {
                                                ++p.first;
                                                s.held.store(1);
                                                wait_until_asleep_or_dead(s.next.pid());
                                                ++p.second;
                                              });
                                            },
                                        .judge = [](State& s) -> std::string {
                                          s.held.store(1);
                                          if (!s.next.ends_within(kHang)) return "the next hangs";
                                          const Pair pair = s.value.get();
                                          return pair.first == pair.second ? "" : "torn in the end";
                                        }},
                                       functions));
}

// The judges can tell, and say where the dead one was.
struct Careless {
  std::atomic<int> held{0};
  void lock() {
    while (held.exchange(1) != 0) {
    }
  }
  void unlock() { held = 0; }
};

TEST(KillAtPoints, OfALockThatKnowsNoOwnerIsCaught) {
  struct State {
    weft::internal::SharedObject<Careless> lock = weft::internal::SharedObject<Careless>::make();
  };
  const std::string scope = "weft::fault::(anonymous namespace)::Careless::";
  const PointKills kills = kill_at_points<State>(
      {.operation =
           [](State& s) {
             s.lock->lock();
             s.lock->unlock();
           },
       .judge = [](State& s) { return std::string(s.lock->held == 0 ? "" : "it is held"); }},
      {scope + "lock", scope + "unlock"});
  EXPECT_EQ(kills.wrong, (Names{"after " + scope + "lock, 1: it is held",
                                "before " + scope + "unlock, 1: it is held"}));
  EXPECT_EQ(kills.count, 4u);
}

int outer_of_points(int n) {
  const auto inner = [](int m) { return m + 1; };
  return inner(n);
}

TEST(Symbols, AreFunctionsAndNotWhatIsInsideOfThem) {
  EXPECT_EQ(outer_of_points(1), 2);
  EXPECT_EQ(addresses_of("weft::fault::(anonymous namespace)::outer_of_points"),
            std::vector{reinterpret_cast<std::uintptr_t>(&outer_of_points)});
  EXPECT_THROW((void)addresses_of("weft::fault::outer_of"), std::invalid_argument);
}

}  // namespace
}  // namespace weft::fault
