// A scheduler of events that calls the wrong one, at the wrong moment, or nothing.
// Thread safety: constants.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios::specimens::sched {

extern const Specimen kActionUnderTheLock;
extern const Specimen kCancelsAnEqualEvent;
extern const Specimen kEnterWithoutRun;
extern const Specimen kPriorityBeforeTime;
extern const Specimen kUnstableOrder;

inline constexpr const Specimen* kAll[] = {
    &kActionUnderTheLock, &kCancelsAnEqualEvent, &kEnterWithoutRun,
    &kPriorityBeforeTime, &kUnstableOrder,
};

}  // namespace weft::scenarios::specimens::sched
