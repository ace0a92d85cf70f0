// Work handed to a pool of threads and not got back as it should.
// Thread safety: constants.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios::specimens::pool {

extern const Specimen kLastChunkDropped;
extern const Specimen kLockHeldOverResult;
extern const Specimen kResultsAsTheyCome;
extern const Specimen kWaitsForOwnPool;

inline constexpr const Specimen* kAll[] = {
    &kLastChunkDropped,
    &kLockHeldOverResult,
    &kResultsAsTheyCome,
    &kWaitsForOwnPool,
};

}  // namespace weft::scenarios::specimens::pool
