// Stacks, queues, tables and single words without locks: a step that another thread came between.
// Thread safety: constants.
#pragma once

#include "scenarios/specimens/classic.h"

namespace weft::scenarios::specimens::containers {

extern const Classic kAloneForAMoment;
extern const Classic kCountedOnce;
extern const Classic kFailureChangesNothing;
extern const Classic kFullOfErased;
extern const Classic kLinkClearedLate;
extern const Classic kNumberComesRound;
extern const Classic kSlotReadAfterSteal;
extern const Classic kTagBeginsAnew;
extern const Classic kTopComesBack;
extern const Classic kTwoStolenAtOnce;

inline constexpr const Classic* kAll[] = {
    &kAloneForAMoment, &kCountedOnce,      &kFailureChangesNothing, &kFullOfErased,
    &kLinkClearedLate, &kNumberComesRound, &kSlotReadAfterSteal,    &kTagBeginsAnew,
    &kTopComesBack,    &kTwoStolenAtOnce,
};

}  // namespace weft::scenarios::specimens::containers
