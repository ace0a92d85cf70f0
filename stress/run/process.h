// What concerns the whole process: how it ends, and what it says when it is made to.
//
// Thread safety: any thread, unless said otherwise.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "stress/run/replay.h"

namespace weft {

// Leaves the process with this exit code, also when hung threads were left behind: static
// destructors would pull objects from under them, thread checks would blame them, and a leak check
// cannot tell what they hold in registers from what nobody holds. So then only the standard streams
// are flushed; a build that would look for leaks says that it did not.
// To be called last by main(). Never returns.
[[noreturn]] void leave(int code);

namespace internal {

// Flushes the standard streams and ends the process; no destructors, no checks of a sanitizer.
[[noreturn]] void leave_at_once(int code);

// Threads that a hang or a livelock left behind.
void note_abandoned(const std::vector<int>& tids);
const std::vector<int>& abandoned_tids();

// The search that a crash or SIGTERM is to name. Constant texts, so that a signal handler may read
// them; the rest is looked up when it happens.
struct Notice {
  std::string name;
  ReplayLine replay;
  std::atomic<std::uint64_t> seed{0};
  std::atomic<std::uint64_t> execution{0};
};
// Kept until the next call; null: no search. With a notice, a fatal signal, a fatal report of a
// sanitizer and std::terminate print it.
void set_notice(Notice* notice);

// While one lives, SIGTERM, which Bazel sends when a test's time is up, sets requested() instead of
// ending the process at once, so that the owner can say what was going on.
class TerminationWatch {
 public:
  TerminationWatch();
  ~TerminationWatch();
  TerminationWatch(const TerminationWatch&) = delete;
  TerminationWatch& operator=(const TerminationWatch&) = delete;
  bool requested() const;
};
// What SIGTERM calls while no TerminationWatch lives, once, in a signal handler on any thread. If
// it returns true, it has seen to it that terminate_now() will be called, and has seconds for it.
void set_last_words(bool (*last_words)());
// Ends the process as SIGTERM would have.
[[noreturn]] void terminate_now();

}  // namespace internal
}  // namespace weft
