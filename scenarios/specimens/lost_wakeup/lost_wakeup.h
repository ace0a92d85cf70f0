// What a thread waits for has happened, and still it sleeps: its wake-up went to nobody, to
// somebody else, or was never sent. Thread safety: constants.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios::specimens::lost_wakeup {

extern const Specimen kCheckThenWait;
extern const Specimen kContendedMarkDropped;
extern const Specimen kFlagOutsideLock;
extern const Specimen kNotifyOneInSet;
extern const Specimen kOneWakeupForTwoPermits;
extern const Specimen kTimedOutWaiterKeepsPermit;

inline constexpr const Specimen* kAll[] = {
    &kCheckThenWait,  &kContendedMarkDropped,   &kFlagOutsideLock,
    &kNotifyOneInSet, &kOneWakeupForTwoPermits, &kTimedOutWaiterKeepsPermit,
};

}  // namespace weft::scenarios::specimens::lost_wakeup
