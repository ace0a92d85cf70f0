// A thread waits for what nobody will do: no cycle, just nobody left who could. Each file says who
// should have come.
// Thread safety: constants.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios::specimens::waits_for_nobody {

extern const Specimen kBarrierTimeoutTellsNobody;
extern const Specimen kBothTurnsTaken;
extern const Specimen kEventClearedBeforeTheWait;
extern const Specimen kExceptionSkipsRelease;
extern const Specimen kFourthPermitOfThree;
extern const Specimen kGuardKeepsLockOnException;
extern const Specimen kLockTakenTwice;
extern const Specimen kOneRoundTooMany;
extern const Specimen kPartyMissing;
extern const Specimen kReleaseForgotten;
extern const Specimen kReleasedOnceTooFew;
extern const Specimen kSixThreadsOnFive;

inline constexpr const Specimen* kAll[] = {
    &kBarrierTimeoutTellsNobody,
    &kBothTurnsTaken,
    &kEventClearedBeforeTheWait,
    &kExceptionSkipsRelease,
    &kFourthPermitOfThree,
    &kGuardKeepsLockOnException,
    &kLockTakenTwice,
    &kOneRoundTooMany,
    &kPartyMissing,
    &kReleaseForgotten,
    &kReleasedOnceTooFew,
    &kSixThreadsOnFive,
};

}  // namespace weft::scenarios::specimens::waits_for_nobody
