// Every program of calls to what processes share does, with threads, what the sequential model
// says. A vocabulary's model is the plain twin of the object's algorithm.
#include <gtest/gtest.h>

#include "primitives/ipc/barrier.h"
#include "primitives/ipc/bounded_semaphore.h"
#include "primitives/ipc/condition.h"
#include "primitives/ipc/event.h"
#include "primitives/ipc/lock.h"
#include "primitives/ipc/rlock.h"
#include "primitives/ipc/semaphore.h"
#include "stress/ipc/dying.h"
#include "stress/properties/conditions.h"
#include "stress/properties/expect.h"
#include "stress/properties/locks.h"
#include "stress/properties/signals.h"

namespace weft::ipc {
namespace {

using namespace properties;

TEST(IpcLockProperties, LetsOneThreadInAtATime) {
  expect_holds(mutual_exclusion_vocabulary<Lock>("ipc::Lock as a mutex"));
}

TEST(IpcRLockProperties, LetsOneThreadInAtATime) {
  expect_holds(mutual_exclusion_vocabulary<RLock>("ipc::RLock as a mutex"));
}

TEST(IpcSemaphoreProperties, LetsOneThreadInAtATime) {
  expect_holds(mutual_exclusion_vocabulary<Semaphore>("ipc::Semaphore as a mutex"));
}

TEST(IpcSemaphoreProperties, ConservesPermits) {
  expect_holds(semaphore_vocabulary<Semaphore>("ipc::Semaphore", 1, Semaphore::kMax));
}

TEST(IpcBoundedSemaphoreProperties, LetsOneThreadInAtATime) {
  expect_holds(mutual_exclusion_vocabulary<BoundedSemaphore>("ipc::BoundedSemaphore as a mutex"));
}

TEST(IpcEventProperties, LetsGoWhoWaitsAlsoIfClearedAtOnce) {
  expect_holds(event_vocabulary<Event>("ipc::Event"));
}

TEST(IpcConditionProperties, WakesEnoughWaitersForWhatChanged) {
  expect_holds(condition_predicate_vocabulary<Condition>("ipc::Condition, predicate"));
}

TEST(IpcConditionProperties, WakesWhomItMustAndNobodyElse) {
  expect_holds(condition_notify_vocabulary<Condition>("ipc::Condition, notifications"));
}

TEST(IpcBarrierProperties, GivesEachThreadOfARoundAnotherIndex) {
  expect_holds(barrier_rounds_vocabulary<Barrier>("ipc::Barrier, rounds", 2));
}

TEST(IpcBarrierProperties, BreaksAndHealsForEverybodyInside) {
  expect_holds(barrier_vocabulary<Barrier>("ipc::Barrier", 2));
}

// In these programs threads end as holders, which the model takes for nothing special.
#if defined(WEFT_EXPLORE)

TEST(IpcLockProperties, LetsAnyThreadRelease) {
  const testing_ipc::ThreadsLiveOn live_on;
  expect_holds(lock_vocabulary<Lock>("ipc::Lock", "ValueError"));
}

TEST(IpcRLockProperties, LetsItsOwnerInAgainAndNobodyElse) {
  const testing_ipc::ThreadsLiveOn live_on;
  expect_holds(rlock_vocabulary<RLock>("ipc::RLock"));
}

TEST(IpcBoundedSemaphoreProperties, RefusesWhatPassesItsInitialValue) {
  const testing_ipc::ThreadsLiveOn live_on;
  expect_holds(semaphore_vocabulary<BoundedSemaphore>("ipc::BoundedSemaphore", 2, 2, {1, 1}));
}

#endif

}  // namespace
}  // namespace weft::ipc
