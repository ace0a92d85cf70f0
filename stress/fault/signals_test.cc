// What wakes between processes, with a kill after every instruction of its operations, or every
// second or third: the survivors go on, soon, and what is left is right.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "primitives/base/errors.h"
#include "primitives/ipc/barrier.h"
#include "primitives/ipc/condition.h"
#include "primitives/ipc/event.h"
#include "primitives/ipc/value.h"
#include "stress/fault/expect_survived.h"
#include "stress/fault/kill_after_every_step.h"
#include "stress/fault/survivor.h"
#include "stress/fault/tokens.h"

namespace weft::fault {
namespace {

using namespace std::chrono_literals;
using ipc::OwnerDiedError;

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

TEST(KillAfterEverySecondInstruction, OfANotifyWakesTheWaiterOrIsTold) {
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
TEST(KillAfterEverySecondInstruction, OfAWaitPassesTheNotificationOn) {
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

TEST(KillAfterEverySecondInstruction, OfABarriersWaitLetsTheOthersThroughOrBreaks) {
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

}  // namespace
}  // namespace weft::fault
