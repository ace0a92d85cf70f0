// The two judgements of a test of generated programs.
// Thread safety: by the thread that runs the test.
#pragma once

#include <source_location>
#include <string>

#include "stress/generate/property.h"
#include "stress/generate/subject.h"

namespace weft::generate {

// Fails the running test if a program violates the property, or if none had a call. The report lies
// in TEST_UNDECLARED_OUTPUTS_DIR, as that of weft::check (stress/check.h).
void expect_holds(const Vocabulary& vocabulary, Search search = {},
                  std::source_location where = std::source_location::current());

// A negative control: fails the running test unless a violation is found, and returns it.
Violation expect_caught(const Vocabulary& vocabulary, Search search = {},
                        std::source_location where = std::source_location::current());

}  // namespace weft::generate
