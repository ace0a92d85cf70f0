// Pools of processes that lose, forget, or are asked for what they cannot have.
// Thread safety: constants.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios::specimens::process_pool {

extern const Specimen kAsksItsOwnPool;
extern const Specimen kCodeLoadedLater;
extern const Specimen kCountsInAGlobal;
extern const Specimen kForkedWithAHeldLock;
extern const Specimen kJoinedBeforeClose;
extern const Specimen kLostWithItsWorker;
extern const Specimen kNeverClosed;
extern const Specimen kOthersForgotten;
extern const Specimen kPointerAsNumber;
extern const Specimen kSubmittedAfterTheBlock;

inline constexpr const Specimen* kAll[] = {
    &kAsksItsOwnPool,    &kCodeLoadedLater,        &kCountsInAGlobal, &kForkedWithAHeldLock,
    &kJoinedBeforeClose, &kLostWithItsWorker,      &kNeverClosed,     &kOthersForgotten,
    &kPointerAsNumber,   &kSubmittedAfterTheBlock,
};

}  // namespace weft::scenarios::specimens::process_pool
