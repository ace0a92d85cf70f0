// One round, one pulse or one owner is taken for the next.
// Thread safety: constants.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios::specimens::generation {

extern const Specimen kBarrierWithoutGeneration;
extern const Specimen kFlagOnlyEvent;
extern const Specimen kIfNotWhile;
extern const Specimen kOwnerIdRecycled;

inline constexpr const Specimen* kAll[] = {
    &kBarrierWithoutGeneration,
    &kFlagOnlyEvent,
    &kIfNotWhile,
    &kOwnerIdRecycled,
};

}  // namespace weft::scenarios::specimens::generation
