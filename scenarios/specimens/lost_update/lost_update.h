// Two threads read, compute and write, and one of the writes is lost; or a reader meets a half-made
// one. Each file says whom nobody keeps out.
// Thread safety: constants.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios::specimens::lost_update {

extern const Specimen kFirstReleaseUnlocks;
extern const Specimen kFreshLockEachCall;
extern const Specimen kHelloCounter;
extern const Specimen kLockPerThread;
extern const Specimen kLockedIncrUnlockedDecr;
extern const Specimen kNoLock;
extern const Specimen kReleaseBeforeWrite;
extern const Specimen kSemaphoreChecksOutsideLock;
extern const Specimen kTornReader;
extern const Specimen kTwoLocks;
extern const Specimen kUnlockedAppend;
extern const Specimen kUnlockedCounter;
extern const Specimen kUnnamedGuard;

inline constexpr const Specimen* kAll[] = {
    &kFirstReleaseUnlocks,
    &kFreshLockEachCall,
    &kHelloCounter,
    &kLockPerThread,
    &kLockedIncrUnlockedDecr,
    &kNoLock,
    &kReleaseBeforeWrite,
    &kSemaphoreChecksOutsideLock,
    &kTornReader,
    &kTwoLocks,
    &kUnlockedAppend,
    &kUnlockedCounter,
    &kUnnamedGuard,
};

}  // namespace weft::scenarios::specimens::lost_update
