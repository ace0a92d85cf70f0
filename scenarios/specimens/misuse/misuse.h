// A call that the primitive's contract forbids, or that does not mean what its writer thinks. Where
// the contract promises an error, the specimen's kind is that error.
// Thread safety: constants.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios::specimens::misuse {

extern const Specimen kAliveFromTheConstructor;
extern const Specimen kForeignRelease;
extern const Specimen kJoinBeforeStart;
extern const Specimen kJoinOfItself;
extern const Specimen kOverReleaseUnnoticed;
extern const Specimen kReleaseWithoutAcquire;
extern const Specimen kRunInPlaceOfStart;
extern const Specimen kStartFromRun;
extern const Specimen kTargetCalledAtOnce;

inline constexpr const Specimen* kAll[] = {
    &kAliveFromTheConstructor, &kForeignRelease,        &kJoinBeforeStart,   &kJoinOfItself,
    &kOverReleaseUnnoticed,    &kReleaseWithoutAcquire, &kRunInPlaceOfStart, &kStartFromRun,
    &kTargetCalledAtOnce,
};

}  // namespace weft::scenarios::specimens::misuse
