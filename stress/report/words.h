// Steps, objects and calls in words, as the table shows them.
//
// Thread safety: pure functions.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "stress/report/finding.h"

namespace weft::report {

// "counter.load() -> 0", "lock 'alice'".
std::string in_words(const Step& step, const Finding& finding);
// "'alice'", "mutex 2"; empty if there is none.
std::string object_text(const std::optional<unsigned>& index, const Finding& finding);
// "'left'".
std::string thread_text(const std::optional<unsigned>& index, const Finding& finding);
// "Lock::lock" of "weft::Lock::lock()".
std::string short_name(const std::string& function);
// The step's place in the tested code; null if it is not known.
const Frame* tested_frame(const Step& step, const Finding& finding);
// "file.cc:12"; empty if the file is not known.
std::string where(const Frame& frame);
std::string where(const Step& step, const Finding& finding);

// Reads or writes a number: an atomic, or a plain access.
bool is_access(const Step& step);
bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words);

}  // namespace weft::report
