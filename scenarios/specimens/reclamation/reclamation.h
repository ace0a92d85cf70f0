// Who gives memory back, and when: too early, twice, or never for waiting. Thread safety:
// constants.
#pragma once

#include "scenarios/specimens/classic.h"

namespace weft::scenarios::specimens::reclamation {

extern const Classic kDeleterRetires;
extern const Classic kDroppedTwice;
extern const Classic kHazardInTwoSteps;
extern const Classic kPoppedAndFreed;
extern const Classic kPostAfterState;
extern const Classic kUnlockOfFreed;
extern const Classic kUsedAfterCountDown;
extern const Classic kWaitsForItself;

inline constexpr const Classic* kAll[] = {
    &kDeleterRetires, &kDroppedTwice,  &kHazardInTwoSteps,   &kPoppedAndFreed,
    &kPostAfterState, &kUnlockOfFreed, &kUsedAfterCountDown, &kWaitsForItself,
};

}  // namespace weft::scenarios::specimens::reclamation
