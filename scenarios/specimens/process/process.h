// Processes started, given work, waited for or asked in a way that does not work.
// Thread safety: constants.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios::specimens::process {

extern const Specimen kAttributeSetByRun;
extern const Specimen kBufferWrittenTwice;
extern const Specimen kCalledBeforeTheStart;
extern const Specimen kCheckIgnored;
extern const Specimen kCopiesTakenForShared;
extern const Specimen kCounterTakenForShared;
extern const Specimen kCounterWithoutLock;
extern const Specimen kExceptionIgnored;
extern const Specimen kFailedStartSwallowed;
extern const Specimen kHalfLeftRunning;
extern const Specimen kJoinForgotten;
extern const Specimen kKillUnnoticed;
extern const Specimen kLettersTakenForArguments;
extern const Specimen kLettersWithoutLock;
extern const Specimen kOnlyTheShellKilled;
extern const Specimen kPipeNeverClosed;
extern const Specimen kResultExpected;
extern const Specimen kStartedFromRun;
extern const Specimen kStartedTwice;
extern const Specimen kWaitsBeforeReading;

inline constexpr const Specimen* kAll[] = {
    &kAttributeSetByRun,
    &kBufferWrittenTwice,
    &kCalledBeforeTheStart,
    &kCheckIgnored,
    &kCopiesTakenForShared,
    &kCounterTakenForShared,
    &kCounterWithoutLock,
    &kExceptionIgnored,
    &kFailedStartSwallowed,
    &kHalfLeftRunning,
    &kJoinForgotten,
    &kKillUnnoticed,
    &kLettersTakenForArguments,
    &kLettersWithoutLock,
    &kOnlyTheShellKilled,
    &kPipeNeverClosed,
    &kResultExpected,
    &kStartedFromRun,
    &kStartedTwice,
    &kWaitsBeforeReading,
};

}  // namespace weft::scenarios::specimens::process
