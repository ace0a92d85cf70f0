// The two judgements of a test of properties.
// Thread safety: by the thread that runs the test.
#pragma once

#include <source_location>
#include <string>

#include "stress/generate/property.h"
#include "stress/generate/subject.h"

namespace weft::properties {

// Fails the running test if a program violates the property, or if too few were tried for the
// silence to say anything.
void expect_holds(const generate::Vocabulary& vocabulary, generate::Search search = {},
                  std::source_location where = std::source_location::current());

// A negative control: fails the running test unless a violation is found, and returns it.
generate::Violation expect_caught(const generate::Vocabulary& vocabulary,
                                  generate::Search search = {},
                                  std::source_location where = std::source_location::current());

}  // namespace weft::properties
