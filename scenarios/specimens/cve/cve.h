// Vulnerabilities of programs that everybody runs, in their smallest form. Thread safety:
// constants.
#pragma once

#include "scenarios/specimens/classic.h"

namespace weft::scenarios::specimens::cve {

extern const Classic kDump;
extern const Classic kFrame;
extern const Classic kInstance;
extern const Classic kKeyrings;
extern const Classic kPipe;
extern const Classic kPort;
extern const Classic kPriority;
extern const Classic kRevokedKey;
extern const Classic kRing;
extern const Classic kScanner;

inline constexpr const Classic* kAll[] = {
    &kDump, &kFrame,    &kInstance,   &kKeyrings, &kPipe,
    &kPort, &kPriority, &kRevokedKey, &kRing,     &kScanner,
};

}  // namespace weft::scenarios::specimens::cve
