// Semaphores, condition variables, barriers and tokens, as libraries once had them: somebody sleeps
// although what it waits for is there, or the count is wrong. Thread safety: constants.
#pragma once

#include "scenarios/specimens/classic.h"

namespace weft::scenarios::specimens::waits {

extern const Classic kBarrierWithoutGeneration;
extern const Classic kCancelledWithPermit;
extern const Classic kFlagUpAgain;
extern const Classic kIdleTokenOutlivesWorker;
extern const Classic kLoserSleepsBesidePermit;
extern const Classic kShutdownOverwritten;
extern const Classic kSignalStolen;
extern const Classic kSignalTakenByLaterWaiter;
extern const Classic kTokenBeforeItem;
extern const Classic kWakesOnlyForTheFirstPermit;

inline constexpr const Classic* kAll[] = {
    &kBarrierWithoutGeneration,
    &kCancelledWithPermit,
    &kFlagUpAgain,
    &kIdleTokenOutlivesWorker,
    &kLoserSleepsBesidePermit,
    &kShutdownOverwritten,
    &kSignalStolen,
    &kSignalTakenByLaterWaiter,
    &kTokenBeforeItem,
    &kWakesOnlyForTheFirstPermit,
};

}  // namespace weft::scenarios::specimens::waits
