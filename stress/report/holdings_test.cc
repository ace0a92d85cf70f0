// Who holds what in steps that are made by hand, and what a report of a race makes of it.
#include "stress/report/holdings.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "stress/report/accesses.h"

namespace weft::report {
namespace {

enum : unsigned { kLeft, kRight };                           // threads
enum : unsigned { kMutex, kOther, kCondition, kSemaphore };  // objects

Finding doing(std::initializer_list<Step> steps) {
  Finding finding;
  finding.kind = "data race";
  finding.objects = {{"mutex 1", "mutex", Naming::kNumber, "heap"},
                     {"mutex 2", "mutex", Naming::kNumber, "heap"},
                     {"condition 1", "condition", Naming::kNumber, "heap"},
                     {"permits", "Semaphore", Naming::kGiven, "heap"}};
  for (const char* name : {"left", "right"}) finding.threads.emplace_back().name = name;
  finding.steps = steps;
  return finding;
}

Step step_of(unsigned thread, const std::string& operation, unsigned object) {
  Step step;
  step.thread = thread;
  step.operation = operation;
  step.object = object;
  return step;
}

Step failed(Step step) {
  step.failed = true;
  return step;
}

Step blocked(Step step) {
  step.blocked = true;
  return step;
}

std::vector<Taken> held_after(std::initializer_list<Step> steps) {
  const Finding finding = doing(steps);
  Holdings holdings;
  for (const Step& step : finding.steps) holdings.apply(step, finding);
  return holdings.all();
}

using Held = std::vector<Taken>;

TEST(Holdings, AreInTheOrderInWhichTheyWereTaken) {
  EXPECT_EQ(held_after({step_of(kRight, "lock_shared", kOther), step_of(kLeft, "lock", kMutex),
                        step_of(kLeft, "try_lock_shared", kOther)}),
            (Held{{kRight, kOther, 1}, {kLeft, kMutex, 1}, {kLeft, kOther, 1}}));
}

TEST(Holdings, OfARecursiveLockEndWithItsLastRelease) {
  const Step lock = step_of(kLeft, "lock", kMutex);
  const Step unlock = step_of(kLeft, "unlock", kMutex);
  EXPECT_EQ(held_after({lock, lock, unlock}), (Held{{kLeft, kMutex, 1}}));
  EXPECT_EQ(held_after({lock, lock, unlock, unlock}), Held{});
}

TEST(Holdings, AreOfTheThreadThatTookThem) {
  EXPECT_EQ(held_after({step_of(kLeft, "acquired", kMutex), step_of(kRight, "released", kMutex)}),
            (Held{{kLeft, kMutex, 1}}));
}

TEST(Holdings, AreNotOfWhoeverTriedInVainOrWaits) {
  EXPECT_EQ(held_after({failed(step_of(kLeft, "try_lock", kMutex)),
                        blocked(step_of(kLeft, "lock", kOther))}),
            Held{});
  EXPECT_EQ(held_after({step_of(kLeft, "lock", kMutex), failed(step_of(kLeft, "unlock", kMutex))}),
            (Held{{kLeft, kMutex, 1}}));
}

TEST(Holdings, AreGivenUpByAWaitAndTakenBack) {
  Step wait = step_of(kLeft, "wait", kCondition);
  wait.second = kMutex;
  const Step lock = step_of(kLeft, "lock", kMutex);
  EXPECT_EQ(held_after({lock, wait, blocked(wait)}), Held{});
  EXPECT_EQ(held_after({lock, wait, step_of(kLeft, "relock", kMutex)}), (Held{{kLeft, kMutex, 1}}));
}

TEST(Holdings, AreNotOfSemaphores) {
  EXPECT_EQ(held_after({step_of(kLeft, "acquired", kSemaphore)}), Held{});
}

// --- In a report -----------------------------------------------------------------

// Of a race between the accesses of left and right after all these steps.
std::string missing_after(std::initializer_list<Step> steps) {
  Finding finding = doing(steps);
  finding.accesses.resize(2);
  for (MemoryAccess& access : finding.accesses) {
    access.step = static_cast<unsigned>(finding.steps.size());
  }
  finding.accesses[1].thread = kRight;
  return missing_edge(finding);
}

TEST(MissingEdge, OfALockTakenTwiceAndReleasedOnceIsThatLock) {
  const Step lock = step_of(kLeft, "lock", kMutex);
  EXPECT_EQ(missing_after({lock, lock, step_of(kLeft, "unlock", kMutex)}),
            "left holds mutex 1, right holds no lock");
}

TEST(MissingEdge, OfASemaphoreIsNoLock) {
  EXPECT_EQ(
      missing_after({step_of(kLeft, "acquired", kSemaphore), step_of(kRight, "lock", kOther)}),
      "left holds no lock, right holds mutex 2");
}

TEST(MissingEdge, NamesLocksInTheOrderInWhichTheyWereTaken) {
  EXPECT_EQ(missing_after({step_of(kLeft, "lock", kOther), step_of(kLeft, "lock", kMutex)}),
            "left holds mutex 2 and mutex 1, right holds no lock");
}

TEST(MissingEdge, IsNotALockThatBothHold) {
  EXPECT_EQ(missing_after(
                {step_of(kLeft, "lock_shared", kMutex), step_of(kRight, "lock_shared", kMutex)}),
            "right has acquired nothing that left released after its access");
}

}  // namespace
}  // namespace weft::report
