// A program as people read it, and as a line to paste.
//
// Thread safety: pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "stress/generate/interleavings.h"
#include "stress/generate/program.h"
#include "stress/generate/subject.h"

namespace weft::generate {

// One column a lane. `order` lists lanes in the order in which their calls were begun; without it,
// the calls of each stand from the top, those of the main thread before and below the others.
std::string table(const Vocabulary& vocabulary, const Program& program, const Rest& rest = {},
                  std::span<const unsigned> order = {});

// "3f2a:0.2,1:1/1.1:2": a mark of the vocabulary, what comes before, the threads, what comes after;
// of a call the number of its operation and those of its arguments. Without what is called at the
// end of all programs. A shell takes it as it is.
std::string encoded(const Vocabulary& vocabulary, const Program& program);
// Completes it. Throws OptionError, with a sentence, for what is no program of this vocabulary.
Program decoded(const Vocabulary& vocabulary, std::string_view text);

}  // namespace weft::generate
