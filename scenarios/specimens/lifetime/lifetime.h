// A thread uses a part of an object that is not there yet or not any more. C++ only.
// Thread safety: constants.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios::specimens::lifetime {

extern const Specimen kBarrierFreedWhileLeaving;
extern const Specimen kJoinedInBaseDestructor;
extern const Specimen kReleaseTouchesFreedSemaphore;
extern const Specimen kStartedInBaseConstructor;
extern const Specimen kThreadBeforeItsFlag;

inline constexpr const Specimen* kAll[] = {
    &kBarrierFreedWhileLeaving, &kJoinedInBaseDestructor, &kReleaseTouchesFreedSemaphore,
    &kStartedInBaseConstructor, &kThreadBeforeItsFlag,
};

}  // namespace weft::scenarios::specimens::lifetime
