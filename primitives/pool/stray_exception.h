// Where an exception goes that nobody waits for: one that leaves a done callback, a task without a
// future, or the destructor of either where nobody can be told.
//
// Thread safety: any thread. The hook is called in the thread in which the exception was thrown.
#pragma once

#include <exception>
#include <functional>
#include <utility>

namespace weft {

// `origin` says what the exception left, as "a done callback".
using StrayExceptionHook = std::function<void(const char* origin, std::exception_ptr error)>;

// An empty hook restores the default, which writes a line to the standard error stream. Returns the
// hook before. What the hook throws is dropped.
StrayExceptionHook set_stray_exception_hook(StrayExceptionHook hook);

// Hands the exception that is being handled to the hook.
void report_stray_exception(const char* origin) noexcept;

// Runs `end`, which ends the life of something of the user's; what that throws goes to the hook.
template <class End>
void end_reporting(const char* origin, End&& end) noexcept {
  try {
    std::forward<End>(end)();
  } catch (...) {
    report_stray_exception(origin);
  }
}

}  // namespace weft
