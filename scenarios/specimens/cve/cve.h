// Vulnerabilities of programs that everybody runs, in their smallest form. Thread safety:
// constants.
#pragma once

#include "scenarios/specimens/classic.h"

namespace weft::scenarios::specimens::cve {

extern const Classic kKeyrings;
extern const Classic kPipe;
extern const Classic kPriority;
extern const Classic kRevokedKey;
extern const Classic kScanner;

inline constexpr const Classic* kAll[] = {
    &kKeyrings, &kPipe, &kPriority, &kRevokedKey, &kScanner,
};

}  // namespace weft::scenarios::specimens::cve
