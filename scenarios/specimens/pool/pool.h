// Work handed to a pool of threads and not got back as it should.
// Thread safety: constants.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios::specimens::pool {

extern const Specimen kBlockingCallback;
extern const Specimen kLastChunkDropped;
extern const Specimen kLockHeldOverResult;
extern const Specimen kMadeAfterItsUsers;
extern const Specimen kParenthesesMakeNoList;
extern const Specimen kResultsAsTheyCome;
extern const Specimen kResultsByArrival;
extern const Specimen kTimeoutTakenForSuccess;
extern const Specimen kValueBeforeItIsReady;
extern const Specimen kWaitsForOwnPool;

inline constexpr const Specimen* kAll[] = {
    &kBlockingCallback,      &kLastChunkDropped,  &kLockHeldOverResult, &kMadeAfterItsUsers,
    &kParenthesesMakeNoList, &kResultsAsTheyCome, &kResultsByArrival,   &kTimeoutTakenForSuccess,
    &kValueBeforeItIsReady,  &kWaitsForOwnPool,
};

}  // namespace weft::scenarios::specimens::pool
