// Who gives memory back, and when: too early, twice, or never for waiting. Thread safety:
// constants.
#pragma once

#include "scenarios/specimens/classic.h"

namespace weft::scenarios::specimens::reclamation {

extern const Classic kDeleterRetires;
extern const Classic kWaitsForItself;

inline constexpr const Classic* kAll[] = {
    &kDeleterRetires,
    &kWaitsForItself,
};

}  // namespace weft::scenarios::specimens::reclamation
