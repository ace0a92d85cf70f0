// Parts of a finding's page. See page.h.
//
// Thread safety: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "stress/report/finding.h"
#include "stress/report/page.h"

namespace weft::report {

extern const std::string_view kPageStyle;
extern const std::string_view kPageScript;

// Classes that give a colour.
std::string thread_class(unsigned thread);
std::string lock_class(unsigned object);

// A thread's name in its colour.
std::string thread_label(const Finding& finding, unsigned thread);
// "mutex 1", "Lock 'alice'".
std::string object_label(const Finding& finding, unsigned object);
// A list of frames, innermost first; empty if there are none.
std::string stack_list(const Finding& finding, const std::vector<unsigned>& stack);

// The steps with a lane for each thread.
std::string page_timeline(const Finding& finding, const PageOptions& options);

// The calls of a violated history; empty if there is none.
std::string page_history(const Finding& finding);

}  // namespace weft::report
