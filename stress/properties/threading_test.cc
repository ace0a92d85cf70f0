// Every program of calls to a threading primitive does what the sequential model says.
#include <gtest/gtest.h>

#include "primitives/threading/barrier.h"
#include "primitives/threading/condition.h"
#include "primitives/threading/event.h"
#include "primitives/threading/lock.h"
#include "primitives/threading/rlock.h"
#include "primitives/threading/semaphore.h"
#include "primitives/threading/shared_counter.h"
#include "primitives/threading/thread.h"
#include "primitives/threading/thread_local.h"
#include "primitives/threading/timer.h"
#include "stress/properties/conditions.h"
#include "stress/properties/expect.h"
#include "stress/properties/locks.h"
#include "stress/properties/signals.h"
#include "stress/properties/values.h"
#include "stress/properties/workers.h"

namespace weft::properties {
namespace {

TEST(LockProperties, LetsOneThreadInAtATime) {
  expect_holds(mutual_exclusion_vocabulary<Lock>("Lock as a mutex"));
}

TEST(LockProperties, LetsAnyThreadRelease) { expect_holds(lock_vocabulary<Lock>("Lock")); }

TEST(RLockProperties, LetsItsOwnerInAgainAndNobodyElse) {
  expect_holds(rlock_vocabulary<RLock>("RLock"));
}

TEST(SemaphoreProperties, ConservesPermits) {
  expect_holds(semaphore_vocabulary<Semaphore>("Semaphore", 1, Semaphore::kMax));
}

TEST(SemaphoreProperties, LetsOneThreadInAtATime) {
  expect_holds(mutual_exclusion_vocabulary<Semaphore>("Semaphore as a mutex"));
}

TEST(BoundedSemaphoreProperties, RefusesWhatPassesItsInitialValue) {
  expect_holds(semaphore_vocabulary<BoundedSemaphore>("BoundedSemaphore", 2, 2));
}

TEST(EventProperties, LetsGoWhoWaitsAlsoIfClearedAtOnce) {
  expect_holds(event_vocabulary<Event>("Event"));
}

TEST(BarrierProperties, GivesEachThreadOfARoundAnotherIndex) {
  expect_holds(barrier_rounds_vocabulary<Barrier>("Barrier, rounds", 2));
}

TEST(BarrierProperties, BreaksAndHealsForEverybodyInside) {
  expect_holds(barrier_vocabulary<Barrier>("Barrier", 2));
}

TEST(ConditionProperties, WakesEnoughWaitersForWhatChanged) {
  expect_holds(condition_predicate_vocabulary<Condition>("Condition, predicate"));
}

TEST(ConditionProperties, WakesInTheOrderOfArrivalAndNobodyElse) {
  // A wait without a predicate may miss its notification on real threads, rightly.
  expect_holds(condition_notify_vocabulary<Condition>("Condition, notify"),
               {.threads_max = 4, .on_real_threads = false});
}

TEST(SharedCounterProperties, LosesNoUpdate) {
  expect_holds(counter_vocabulary<SharedCounter>("SharedCounter"));
}

TEST(ThreadLocalProperties, KeepsThreadsApart) {
  expect_holds(thread_local_vocabulary<ThreadLocal<int>>("ThreadLocal"),
               {.around_max = 0, .in_a_row = false});
}

TEST(ThreadProperties, StartsOnceAndIsJoinedByAnyNumber) {
  expect_holds(thread_vocabulary<Thread>("Thread"));
}

TEST(TimerProperties, FiresOnceUnlessCancelled) { expect_holds(timer_vocabulary<Timer>("Timer")); }

}  // namespace
}  // namespace weft::properties
