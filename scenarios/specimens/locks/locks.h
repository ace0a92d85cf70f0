// Mutual exclusion, locks for readers and writers, and "once", as libraries once had them.
// Thread safety: constants.
#pragma once

#include "scenarios/specimens/classic.h"

namespace weft::scenarios::specimens::locks {

extern const Classic kContendedMarkLost;
extern const Classic kDoneUndoneForAMoment;
extern const Classic kDrepperMutex1;
extern const Classic kExceptionWakesNobody;
extern const Classic kFlagBeforeValue;
extern const Classic kStaleStateOfReader;
extern const Classic kTimedWriterForgetsReaders;
extern const Classic kTryLockDropsMark;
extern const Classic kUpgrade;
extern const Classic kWaitersCountedBeforeRelease;

inline constexpr const Classic* kAll[] = {
    &kContendedMarkLost,           &kDoneUndoneForAMoment, &kDrepperMutex1,
    &kExceptionWakesNobody,        &kFlagBeforeValue,      &kStaleStateOfReader,
    &kTimedWriterForgetsReaders,   &kTryLockDropsMark,     &kUpgrade,
    &kWaitersCountedBeforeRelease,
};

}  // namespace weft::scenarios::specimens::locks
