// Threads that wait for each other in a circle, asleep or running. Each file draws one circle.
// Thread safety: constants.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios::specimens::deadlock {

extern const Specimen kForkKeptWhileTrying;
extern const Specimen kForkLookedAtFirst;
extern const Specimen kInStepWithoutBackOff;
extern const Specimen kLockTakenTwice;
extern const Specimen kNaivePhilosophers;
extern const Specimen kOppositeOrder;
extern const Specimen kRingOfThreeLocks;
extern const Specimen kTwoPhilosophers;

inline constexpr const Specimen* kAll[] = {
    &kForkKeptWhileTrying, &kForkLookedAtFirst, &kInStepWithoutBackOff, &kLockTakenTwice,
    &kNaivePhilosophers,   &kOppositeOrder,     &kRingOfThreeLocks,     &kTwoPhilosophers,
};

}  // namespace weft::scenarios::specimens::deadlock
