// Data that becomes another thread's without an order of memory that says so: data races, all of
// them. Thread safety: constants.
#pragma once

#include "scenarios/specimens/classic.h"

namespace weft::scenarios::specimens::publication {

extern const Classic kBlockUsedAgain;
extern const Classic kLatchWithoutOrder;
extern const Classic kLoserReads;
extern const Classic kPlainFlag;
extern const Classic kPlainPair;
extern const Classic kRelaxedLoad;
extern const Classic kRelaxedStore;
extern const Classic kUnlockWithoutOrder;

inline constexpr const Classic* kAll[] = {
    &kBlockUsedAgain, &kLatchWithoutOrder, &kLoserReads,   &kPlainFlag,
    &kPlainPair,      &kRelaxedLoad,       &kRelaxedStore, &kUnlockWithoutOrder,
};

}  // namespace weft::scenarios::specimens::publication
