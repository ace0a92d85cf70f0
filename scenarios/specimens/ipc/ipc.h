// What processes share, used in a way that does not work.
// Thread safety: constants.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios::specimens::ipc {

extern const Specimen kBothTurnsTaken;
extern const Specimen kDoubleRelease;
extern const Specimen kExceptionSkipsRelease;
extern const Specimen kForeignRelease;
extern const Specimen kForkKeptWhileTrying;
extern const Specimen kForkLookedAtFirst;
extern const Specimen kMutexOfOneProcess;
extern const Specimen kNaivePhilosophers;
extern const Specimen kOneRoundTooMany;
extern const Specimen kPointerInSharedMemory;
extern const Specimen kPongsTurnNotTaken;
extern const Specimen kThreadConditionBetweenProcesses;
extern const Specimen kThreadEventBetweenProcesses;
extern const Specimen kThreadLockBetweenProcesses;
extern const Specimen kThreadSemaphoreBetweenProcesses;
extern const Specimen kTwoPhilosophers;
extern const Specimen kVariableTakenForShared;

inline constexpr const Specimen* kAll[] = {
    &kBothTurnsTaken,
    &kDoubleRelease,
    &kExceptionSkipsRelease,
    &kForeignRelease,
    &kForkKeptWhileTrying,
    &kForkLookedAtFirst,
    &kMutexOfOneProcess,
    &kNaivePhilosophers,
    &kOneRoundTooMany,
    &kPointerInSharedMemory,
    &kPongsTurnNotTaken,
    &kThreadConditionBetweenProcesses,
    &kThreadEventBetweenProcesses,
    &kThreadLockBetweenProcesses,
    &kThreadSemaphoreBetweenProcesses,
    &kTwoPhilosophers,
    &kVariableTakenForShared,
};

}  // namespace weft::scenarios::specimens::ipc
