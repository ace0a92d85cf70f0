// A coroutine advanced, closed or dropped as it should not be. Where the contract promises an
// error, the specimen's kind is that error. Thread safety: constants.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios::specimens::coroutine {

extern const Specimen kCloseGoesOn;
extern const Specimen kConsumerGoneFirst;
extern const Specimen kDestroyedNotClosed;
extern const Specimen kExitIgnored;
extern const Specimen kNotPrimed;
extern const Specimen kPrintsSwapped;
extern const Specimen kResumedFromInside;
extern const Specimen kSteppedAfterTheEnd;
extern const Specimen kSteppedByTwoThreads;
extern const Specimen kThirdOutOfTurn;

inline constexpr const Specimen* kAll[] = {
    &kCloseGoesOn,         &kConsumerGoneFirst, &kDestroyedNotClosed, &kExitIgnored,
    &kNotPrimed,           &kPrintsSwapped,     &kResumedFromInside,  &kSteppedAfterTheEnd,
    &kSteppedByTwoThreads, &kThirdOutOfTurn,
};

}  // namespace weft::scenarios::specimens::coroutine
