// Objects of a manager used as if they were the process's own.
// Thread safety: constants.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios::specimens::manager {

extern const Specimen kLettersByGetAndSet;
extern const Specimen kNestedListChangedInACopy;
extern const Specimen kShutDownFirst;

inline constexpr const Specimen* kAll[] = {
    &kLettersByGetAndSet,
    &kNestedListChangedInACopy,
    &kShutDownFirst,
};

}  // namespace weft::scenarios::specimens::manager
