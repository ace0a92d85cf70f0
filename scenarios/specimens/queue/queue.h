// What threads do to a queue, and what a queue does to them: items lost or doubled, a join() that
// returns too early or never, an end that is not seen.
// Thread safety: constants.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios::specimens::queue {

extern const Specimen kCheckThenGet;
extern const Specimen kGetCountsAsDone;
extern const Specimen kIfAroundWait;
extern const Specimen kJoinWaitsForATask;
extern const Specimen kOneConditionForBoth;
extern const Specimen kOneSentinelForTwo;
extern const Specimen kRingOfBoundedQueues;
extern const Specimen kSentinelNeverComes;
extern const Specimen kSentinelTooEarly;
extern const Specimen kTaskDoneBeforeTheWork;
extern const Specimen kTaskDoneForgotten;
extern const Specimen kTornLine;
extern const Specimen kUnlockedDeque;
extern const Specimen kUnlockedRing;
extern const Specimen kValueAsSentinel;

inline constexpr const Specimen* kAll[] = {
    &kCheckThenGet,        &kGetCountsAsDone,       &kIfAroundWait,        &kJoinWaitsForATask,
    &kOneConditionForBoth, &kOneSentinelForTwo,     &kRingOfBoundedQueues, &kSentinelNeverComes,
    &kSentinelTooEarly,    &kTaskDoneBeforeTheWork, &kTaskDoneForgotten,   &kTornLine,
    &kUnlockedDeque,       &kUnlockedRing,          &kValueAsSentinel,
};

}  // namespace weft::scenarios::specimens::queue
