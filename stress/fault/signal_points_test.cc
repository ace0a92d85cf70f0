// What wakes between processes, with a kill before and after each named step of an operation in
// which somebody else takes part: the one is asleep until the other comes.
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/ipc/barrier.h"
#include "primitives/ipc/condition.h"
#include "primitives/ipc/event.h"
#include "primitives/ipc/value.h"
#include "stress/fault/asleep.h"
#include "stress/fault/expect_survived.h"
#include "stress/fault/kill_at_points.h"
#include "stress/fault/survivor.h"
#include "stress/fault/tokens.h"
#include "stress/ipc/child.h"

namespace weft::fault {
namespace {

using Names = std::vector<std::string>;
using ipc::OwnerDiedError;
using testing_ipc::Child;

TEST(KillAtPoints, OfAnEventsSetFreesAllOrNothingHasHappened) {
  struct State {
    ipc::Event event;
    Survivor waiter{[this] {
      event.wait();
      return 0;
    }};
  };
  const Names functions = {"weft::ipc::Event::set", "weft::internal::wake_all_shared"};
  const auto kills = kill_at_points<State>({.operation =
                                                [](State& s) {
                                                  wait_until_asleep_or_dead(s.waiter.pid());
                                                  s.event.set();
                                                },
                                            .judge = [](State& s) -> std::string {
                                              const bool was_set = s.event.is_set();
                                              s.event.set();
                                              if (!s.waiter.ends_within(kHang))
                                                return "the waiter hangs";
                                              return was_set ? "" : kTooEarly;
                                            }},
                                           functions);
  expect_survived_at(functions, kills);
  EXPECT_LT(kills.too_early, kills.count);
}

// A survivor that lets the child go on once it sleeps, and is not stopped by its death.
struct WaitsForChild {
  ipc::RawValue<int> victim;

  void come() { victim.store(::getpid()); }
  void await_child() const {
    while (victim.load() == 0) {
    }
    wait_until_asleep_or_dead(victim.load());
  }
};

TEST(KillAtPoints, OfAWaitForAnEventTakesNothingFromTheOthers) {
  struct State : WaitsForChild {
    ipc::Event event;
    Survivor setter{[this] {
      await_child();
      event.set();
      return 0;
    }};
  };
  const Names functions = {"weft::ipc::Event::wait_before", "weft::internal::BoundedWait::wait"};
  expect_survived_at(functions,
                     kill_at_points<State>({.operation =
                                                [](State& s) {
                                                  s.come();
                                                  s.event.wait();
                                                },
                                            .judge = [](State& s) -> std::string {
                                              if (!s.setter.ends_within(kHang))
                                                return "set() hangs";
                                              return s.event.wait_for(kHang) ? "" : "it is not set";
                                            }},
                                           functions));
}

// With a waiter that is asleep, and with one before it that was killed in its sleep.
struct DeadTakerWaits : Tokens {
  DeadTakerWaits() {
    Child first([this] { return take(); });
    wait_until_asleep_or_dead(first.pid());
    first.kill();
    (void)first.wait();
  }
};
template <class Before>
struct TakerWaits : Before {
  Survivor taker{[this] { return this->take(); }};

  void run() {
    wait_until_asleep_or_dead(taker.pid());
    this->give();
  }
  std::string judge() {
    acquire_anyhow(this->condition);
    const bool was_given = this->tokens.load() + this->taken.load() > 0;
    // Given, but not told of: whoever recovers the lock makes up for it.
    if (was_given) this->condition.notify();
    this->condition.release();
    if (!was_given) this->give();
    if (!taker.ends_within(kHang)) return "the waiter hangs";
    return this->tokens.load() == 0 && this->taken.load() == 1 ? "" : "a token is lost";
  }
};

template <class State>
void expect_tokens(const Names& functions) {
  expect_survived_at(functions, kill_at_points<State>({.operation = [](State& s) { s.run(); },
                                                       .judge = [](State& s) { return s.judge(); }},
                                                      functions));
}

TEST(KillAtPoints, OfANotifyWakesTheWaiterOrIsTold) {
  expect_tokens<TakerWaits<Tokens>>({"weft::ipc::Condition::acquire",
                                     "weft::ipc::Condition::notify", "weft::internal::wake_shared",
                                     "weft::ipc::Condition::release"});
}

TEST(KillAtPoints, OfANotifyPastADeadWaiterWakesTheNextOne) {
  expect_tokens<TakerWaits<DeadTakerWaits>>(
      {"weft::ipc::Condition::notify", "weft::ipc::Condition::pass_on",
       "weft::ipc::Condition::first_waiting", "weft::internal::wake_shared"});
}

// Three deaths: of one who waits, of one who has the lock, and of who recovers that.
struct DeadOnesAreThere : DeadTakerWaits {
  DeadOnesAreThere() {
    Child holder([this] {
      condition.acquire();
      return 0;
    });
    (void)holder.wait();
  }
};

TEST(KillAtPoints, OfAConditionsRecoveryLetsTheOthersGoOn) {
  struct State : DeadOnesAreThere {
    void run() { give(); }
    std::string judge() {
      acquire_anyhow(condition);
      const int left = tokens.load();
      condition.release();
      Survivor taker([this] { return take(); });
      wait_until_asleep_or_dead(taker.pid());
      if (left == 0) give();
      if (!taker.ends_within(kHang)) return "the next one hangs";
      return tokens.load() == 0 && taken.load() == 1 ? "" : "a token is lost";
    }
  };
  expect_tokens<State>({"weft::ipc::Condition::recover", "weft::internal::RobustWord::recover",
                        "weft::ipc::Condition::settle", "weft::ipc::Condition::notify"});
}

// It is the child that sleeps; a token is given then.
struct ChildTakes : Tokens, WaitsForChild {
  Survivor giver{[this] {
    await_child();
    give();
    return 0;
  }};

  void run() {
    come();
    (void)take();
  }
  std::string judge() {
    if (!giver.ends_within(kHang)) return "who gives hangs";
    acquire_anyhow(condition);
    const int left = tokens.load();
    const bool is_whole = left + taken.load() == 1;
    condition.release();
    if (!is_whole) return "a token is lost";
    if (left == 0) give();
    Survivor next([this] { return take(); });
    if (!next.ends_within(kHang)) return "the next one hangs";
    return tokens.load() == 0 ? "" : "a token was made twice";
  }
};

TEST(KillAtPoints, OfAWaitForANotificationLeavesTheTokenToTheNextOne) {
  expect_tokens<ChildTakes>({"weft::ipc::Condition::wait_before", "weft::ipc::Condition::enter",
                             "weft::ipc::Condition::release_save", "weft::ipc::Condition::stay",
                             "weft::internal::BoundedWait::wait",
                             "weft::ipc::Condition::acquire_restore",
                             "weft::ipc::Condition::release"});
}

// Of two parties: whether it is through says its function's result, or that the barrier broke.
int pass(ipc::Barrier& barrier) {
  try {
    (void)barrier.wait();
  } catch (const BrokenBarrierError&) {
  }
  return 0;
}

std::string judge_barrier(ipc::Barrier& barrier, Survivor& party) {
  // The child died before it arrived: the parent does.
  const bool is_too_early = !party.ends_within(kLate);
  if (is_too_early) {
    try {
      (void)barrier.wait_for(kHang);
    } catch (const BrokenBarrierError&) {
      return "nobody died inside, and it is broken";
    }
    if (!party.ends_within(kHang)) return "the other party hangs";
  }
  barrier.reset();
  if (barrier.broken() || barrier.n_waiting() != 0) return "it cannot be mended";
  Survivor first([&] { return pass(barrier); });
  Survivor second([&] { return pass(barrier); });
  if (!first.ends_within(kHang) || !second.ends_within(kHang)) return "the next round hangs";
  if (barrier.broken()) return "the next round broke";
  return is_too_early ? kTooEarly : "";
}

TEST(KillAtPoints, OfABarriersLastPartyLetsTheOtherThroughOrBreaks) {
  struct State {
    ipc::Barrier barrier{2};
    Survivor party{[this] { return pass(barrier); }};
  };
  const Names functions = {"weft::ipc::Barrier::arrive", "weft::ipc::Barrier::end_round",
                           "weft::ipc::Barrier::finish_ending", "weft::ipc::Barrier::tell"};
  expect_survived_at(
      functions,
      kill_at_points<State>({.operation =
                                 [](State& s) {
                                   wait_until_asleep_or_dead(s.party.pid());
                                   (void)s.barrier.wait();
                                 },
                             .judge = [](State& s) { return judge_barrier(s.barrier, s.party); }},
                            functions));
}

TEST(KillAtPoints, OfABarriersFirstPartyBreaksItOrLeavesNothing) {
  struct State : WaitsForChild {
    ipc::Barrier barrier{2};
    Survivor party{[this] {
      await_child();
      return pass(barrier);
    }};
  };
  const Names functions = {"weft::ipc::Barrier::enter", "weft::ipc::Barrier::stay",
                           "weft::internal::BoundedWait::wait", "weft::ipc::Barrier::leave"};
  expect_survived_at(
      functions,
      kill_at_points<State>({.operation =
                                 [](State& s) {
                                   s.come();
                                   (void)s.barrier.wait();
                                 },
                             .judge = [](State& s) { return judge_barrier(s.barrier, s.party); }},
                            functions));
}

}  // namespace
}  // namespace weft::fault
