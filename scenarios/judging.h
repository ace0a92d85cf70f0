// What judges of transcripts have in common. Each function returns the empty string if its property
// holds, else a sentence that says what broke.
//
// The lines of a scenario are fixed, only their order may be free. So a judge says which lines
// there are (say_exactly, say_in_any_order), and in the second case which come before which: the
// allowed transcripts are then the linear extensions of that order.
//
// Thread safety: pure functions.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/transcript.h"

namespace weft::scenarios {

// The first complaint, or none.
std::string first_of(std::initializer_list<std::string> complaints);

// These lines in this order and no others.
std::string say_exactly(const Lines& expected, const Lines& lines);

// These lines, each as often as here, in any order, and no others.
std::string say_in_any_order(const Lines& expected, const Lines& lines);

// The lines of `chain`, each of which is said once, come in this order. Others may stand between.
std::string in_order(const Lines& chain, const Lines& lines);

// `prefix` followed by each number from `first` to `last`, up or down.
Lines numbered(std::string_view prefix, int first, int last);

// All of them, one after the other.
Lines concatenated(std::initializer_list<Lines> parts);

}  // namespace weft::scenarios
