// A Finding in words, as every report of it says them: steps, objects, calls and places.
//
// Thread safety: pure functions.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
// Which frame of a stack is the innermost of the tested code; the stack's size if none is.
unsigned tested_place(const std::vector<unsigned>& stack, const Finding& finding);
// That frame; null if there is none.
const Frame* tested_frame(const std::vector<unsigned>& stack, const Finding& finding);
const Frame* tested_frame(const Step& step, const Finding& finding);
// "file.cc:12"; empty if the file is not known.
std::string where(const Frame& frame);
std::string where(const Step& step, const Finding& finding);

// All threads, in the order in which their ends are told: the body, which most often waits for the
// others, comes last.
std::vector<unsigned> body_last(const Finding& finding);
// Whether it was not one thread's step that was wrong, but that none went on or came to an end.
bool ends_in_waiting(const Finding& finding);
// "3 switches, 1 of them preemptions; as found: 17 switches, 9 of them preemptions". All four as
// the scheduler counts, which is not as the finding's own steps are counted.
std::string simplification(const Original& original);

// Reads or writes a number: an atomic, or a plain access.
bool is_access(const Step& step);
bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words);

}  // namespace weft::report
