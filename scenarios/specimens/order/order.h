// Things happen, each as it should, but not in the order that the program promised.
// Thread safety: constants.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios::specimens::order {

extern const Specimen kCountdownBlocksItsStarter;
extern const Specimen kDaemonLineMissing;
extern const Specimen kDetachedCompletesEarly;
extern const Specimen kDoubleRelease;
extern const Specimen kEndSeenWithoutOrder;
extern const Specimen kMeantimeComesAfter;
extern const Specimen kPongsTurnNotTaken;
extern const Specimen kReadBeforeJoin;
extern const Specimen kTimedJoinTakenForTheEnd;

inline constexpr const Specimen* kAll[] = {
    &kCountdownBlocksItsStarter, &kDaemonLineMissing,  &kDetachedCompletesEarly, &kDoubleRelease,
    &kEndSeenWithoutOrder,       &kMeantimeComesAfter, &kPongsTurnNotTaken,      &kReadBeforeJoin,
    &kTimedJoinTakenForTheEnd,
};

}  // namespace weft::scenarios::specimens::order
