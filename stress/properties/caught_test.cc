// The properties have teeth: each finds the mistake of a variant made for it, and shows it in a
// program of a few calls.
#include <gtest/gtest.h>

#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

#include "primitives/threading/semaphore.h"
#include "stress/check.h"
#include "stress/properties/busted/locks.h"
#include "stress/properties/busted/queues.h"
#include "stress/properties/busted/signals.h"
#include "stress/properties/conditions.h"
#include "stress/properties/expect.h"
#include "stress/properties/locks.h"
#include "stress/properties/queues.h"
#include "stress/properties/signals.h"
#include "stress/properties/values.h"
#include "stress/properties/workers.h"
#include "stress/run/build_mode.h"
#include "stress/threading/support.h"

namespace weft::properties {
namespace {

using busted::BustedQueue;
using busted::Mistake;
using generate::Search;
using generate::Violation;

const Search kOneAtATime{.on_real_threads = false};
constexpr const char* kHang = kExplored ? "deadlock: " : "hang: ";
// Mistakes that take a race are looked for on real threads alone.
const Search kRace{.in_lockstep = false, .executions = 50, .shrinking = Seconds(4)};

// Shrinking has done its work. It stops where no single step leads further, so how far it comes
// depends on the seed.
void expect_short(const Violation& violation) {
  constexpr std::size_t kFewCalls = 8;  // of the up to sixteen that a program begins with
  EXPECT_LE(violation.program.size(), kFewCalls) << violation.text;
}

TEST(LockPropertiesCatch, AReleaseThatWakesNobody) {
  const auto found = expect_caught(
      lock_vocabulary<busted::LockThatWakesNobody>("LockThatWakesNobody"), kOneAtATime);
  const char* const waits = kExplored ? "deadlock: " : "acquire ... waits";
  EXPECT_NE(found.text.find(waits), std::string::npos) << found.text;
  expect_short(found);
}

TEST(LockPropertiesCatch, AReleaseThatWakesNobodyAsAHang) {
  const auto found = expect_caught(
      mutual_exclusion_vocabulary<busted::LockThatWakesNobody>("LockThatWakesNobody"), kRace);
  EXPECT_TRUE(found.text.starts_with(kHang)) << found.text;
  EXPECT_NE(found.text.find("it waits for ever, but the model lets it go on"), std::string::npos)
      << found.text;
}

TEST(LockPropertiesCatch, TwoThreadsInsideAtATime) {
  const auto found = expect_caught(
      mutual_exclusion_vocabulary<busted::LockThatLooksBeforeItTakes>("LockThatLooksBeforeItTakes"),
      kRace);
  expect_short(found);
}

TEST(RLockPropertiesCatch, AForgottenDepth) {
  expect_short(
      expect_caught(rlock_vocabulary<busted::RLockWithoutDepth>("RLockWithoutDepth"), kOneAtATime));
}

TEST(SemaphorePropertiesCatch, APermitTakenUnchecked) {
  using Busted = busted::SemaphoreThatTakesUnchecked;
  expect_caught(semaphore_vocabulary<Busted>("SemaphoreThatTakesUnchecked", 1, Semaphore::kMax),
                kOneAtATime);
}

TEST(SemaphorePropertiesCatch, AReleaseOfSeveralThatWakesOne) {
  using Busted = busted::SemaphoreThatWakesOne;
  expect_caught(semaphore_vocabulary<Busted>("SemaphoreThatWakesOne", 0, Semaphore::kMax),
                kOneAtATime);
}

TEST(BoundedSemaphorePropertiesCatch, ARefusedReleaseThatCounts) {
  using Busted = busted::BoundedSemaphoreThatCountsWhatItRefuses;
  expect_short(expect_caught(
      semaphore_vocabulary<Busted>("BoundedSemaphoreThatCountsWhatItRefuses", 2, 2), kOneAtATime));
}

TEST(SharedCounterPropertiesCatch, ALostUpdate) {
  expect_short(
      expect_caught(counter_vocabulary<busted::CounterWithoutLock>("CounterWithoutLock"), kRace));
}

// A history does not say who was already waiting when the pulse came; the lockstep does, and is
// left out under the explorer. So there the mistake is shown by hand.
TEST(EventPropertiesCatch, ALostPulse) {
  if (kExplored) GTEST_SKIP() << "no history of calls shows it, only who is seen to wait";
  const auto found = expect_caught(
      event_vocabulary<busted::EventThatLosesThePulse>("EventThatLosesThePulse"), kOneAtATime);
  EXPECT_NE(found.text.find("set, clear"), std::string::npos) << found.text;
  expect_short(found);
}

TEST(EventPropertiesCatch, ALostPulseAsADeadlock) {
  if (!kExplored) GTEST_SKIP() << "the kernel does not tell a wait of std::condition_variable";
  expect_violation(Kind::kDeadlock, [](weft::Run& run) {
    busted::EventThatLosesThePulse event;
    testing_threads::Sleeper waiter;
    run.thread([&] {
      waiter.announce();
      event.wait();
    });
    run.start();
    const bool waits = waiter.until_asleep();
    event.set();
    if (waits) event.clear();
    run.join();
  });
}

TEST(BarrierPropertiesCatch, ARoundThatEntersTheOneBefore) {
  expect_caught(
      barrier_rounds_vocabulary<busted::BarrierWithoutGeneration>("BarrierWithoutGeneration", 2),
      kRace);
}

TEST(ConditionPropertiesCatch, AnotherOrderThanThatOfArrival) {
  if (kExplored) GTEST_SKIP() << "no history of calls shows it, only who is seen to wait";
  using Busted = busted::ConditionThatWakesTheLast;
  expect_short(
      expect_caught(condition_notify_vocabulary<Busted>("ConditionThatWakesTheLast"), kOneAtATime));
}

TEST(ConditionPropertiesCatch, AnotherOrderThanThatOfArrivalAmongTwoWhoWait) {
  expect_violation(Kind::kAssertion, [](weft::Run& run) {
    busted::ConditionThatWakesTheLast condition;
    int waiting = 0;  // guarded by the condition's lock, and so is the next
    std::vector<int> woken;
    const auto lock_when = [&](const auto& is_so) {
      std::unique_lock hold(condition);
      while (!is_so()) {
        hold.unlock();
        std::this_thread::yield();
        hold.lock();
      }
      return hold;
    };
    for (int t = 0; t < 2; ++t) {
      run.thread([&, t] {
        const auto hold = lock_when([&] { return waiting == t; });
        ++waiting;
        condition.wait();
        woken.push_back(t);
      });
    }
    run.start();
    {
      const auto hold = lock_when([&] { return waiting == 2; });
      condition.notify(1);
    }
    {
      const auto hold = lock_when([&] { return !woken.empty(); });
      condition.notify_all();
    }
    run.join();
    run.require(woken.front() == 0, "who has waited longest is woken first");
  });
}

TEST(ConditionPropertiesCatch, ANotifyOfSeveralThatWakesOne) {
  using Busted = busted::ConditionThatWakesOne;
  expect_caught(condition_predicate_vocabulary<Busted>("ConditionThatWakesOne"), kOneAtATime);
}

TEST(ThreadLocalPropertiesCatch, AValueOfAllThreads) {
  using Busted = busted::ThreadLocalOfAll<int>;
  expect_short(expect_caught(thread_local_vocabulary<Busted>("ThreadLocalOfAll"), kOneAtATime));
}

TEST(ThreadPropertiesCatch, ASecondStart) {
  using Busted = Joining<busted::ThreadThatStartsTwice>;
  expect_short(expect_caught(thread_vocabulary<Busted>("ThreadThatStartsTwice"), kOneAtATime));
}

TEST(TimerPropertiesCatch, ACancelThatDoesNot) {
  expect_short(expect_caught(timer_vocabulary<busted::TimerThatFiresAnyway>("TimerThatFiresAnyway"),
                             kOneAtATime));
}

TEST(QueuePropertiesCatch, APutThatWakesNobody) {
  using Busted = BustedQueue<Item, Mistake::kPutWakesNobody>;
  expect_short(
      expect_caught(put_get_vocabulary<Busted>("PutWakesNobody", Order::kFifo, 2), kOneAtATime));
}

TEST(QueuePropertiesCatch, APutThatWakesNobodyAsAHang) {
  using Busted = BustedQueue<Item, Mistake::kPutWakesNobody>;
  const auto found =
      expect_caught(put_get_vocabulary<Busted>("PutWakesNobody", Order::kFifo, 2), kRace);
  EXPECT_TRUE(found.text.starts_with(kHang)) << found.text;
  EXPECT_NE(found.text.find("it waits for ever, but the model lets it go on"), std::string::npos)
      << found.text;
}

TEST(QueuePropertiesCatch, OneItemTooMany) {
  using Busted = BustedQueue<Item, Mistake::kOneTooMany>;
  expect_short(
      expect_caught(put_get_vocabulary<Busted>("OneTooMany", Order::kFifo, 1), kOneAtATime));
}

TEST(QueuePropertiesCatch, AGetThatForgetsToLookAgain) {
  using Busted = BustedQueue<Item, Mistake::kForgetsToLookAgain>;
  expect_caught(put_get_vocabulary<Busted>("ForgetsToLookAgain", Order::kFifo, 2), kOneAtATime);
}

TEST(LifoQueuePropertiesCatch, TheFirstInsteadOfTheLast) {
  using Busted = BustedQueue<Item, Mistake::kFirstInFirstOut>;
  expect_short(
      expect_caught(put_get_vocabulary<Busted>("FirstInFirstOut", Order::kLifo, 2), kOneAtATime));
}

TEST(PriorityQueuePropertiesCatch, ALostItem) {
  using Busted = BustedQueue<Item, Mistake::kLosesEqualItems>;
  expect_short(expect_caught(put_get_vocabulary<Busted>("LosesEqualItems", Order::kPriority, 0),
                             kOneAtATime));
}

TEST(PriorityQueuePropertiesCatch, EqualItemsInAnotherOrder) {
  using Busted = BustedQueue<Item, Mistake::kUnstable>;
  expect_short(
      expect_caught(put_get_vocabulary<Busted>("Unstable", Order::kPriority, 0), kOneAtATime));
}

TEST(SimpleQueuePropertiesCatch, AnItemThatIsGotTwice) {
  using Busted = BustedQueue<Item, Mistake::kGivesTwice>;
  expect_short(expect_caught(simple_queue_vocabulary<Busted>("GivesTwice"), kOneAtATime));
}

TEST(FuturePropertiesCatch, AnOutcomeThatWakesOne) {
  expect_caught(promise_vocabulary<busted::PromiseThatWakesOne>("PromiseThatWakesOne"),
                kOneAtATime);
}

TEST(ThreadPoolPropertiesCatch, ATaskThatCloseDrops) {
  expect_short(expect_caught(pool_vocabulary<busted::PoolThatDropsATask>("PoolThatDropsATask"),
                             kOneAtATime));
}

}  // namespace
}  // namespace weft::properties
