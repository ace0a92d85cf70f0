// Everything is right but the time: a thread could go on and is kept from it.
// Thread safety: constants.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios::specimens::starvation {

extern const Specimen kGlobalLockInThread;
extern const Specimen kWorkUnderLock;

inline constexpr const Specimen* kAll[] = {
    &kGlobalLockInThread,
    &kWorkUnderLock,
};

}  // namespace weft::scenarios::specimens::starvation
