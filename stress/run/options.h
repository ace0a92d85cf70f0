// How a search looks for a violation, and where the values come from.
//
// A value written in the code is beaten by the environment (WEFT_SEED=7), and that by a flag
// (--weft_seed=7). options_table() is the one list of them; docs/writing-a-test.md shows it.
//
// Thread safety: take_flags() before any other thread uses options; the rest from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "stress/explore/guarantee.h"

namespace weft {

using Seconds = std::chrono::duration<double>;

// What an execution does to its own schedule. Every second execution is plain when that is among
// the modes: delays find what plain running hides, and hide what plain running finds.
enum PerturbModes : unsigned {
  kPlain = 1,  // nothing
  kYield = 2,  // sched_yield at hooks
  kSleep = 4,  // sleeps of 1 to 200 microseconds at hooks
  kSpin = 8,   // short spins at hooks: no system call and no fence, so store buffers stay full
  kPin = 16,   // all threads on one core, and yields
  kAllModes = 31,
};

inline constexpr std::uint64_t kDefaultSeed = 20'260'101;

struct Options {
  // Tells two checks of one test apart in reports; "#2" and so on when empty.
  std::string name = {};
  // What selects this check in a replay line (--test_filter); none when empty.
  std::string test_filter = {};
  // Of the first execution; the others follow from it. What the code says is mixed with
  // TEST_RANDOM_SEED and the shard; what the environment or a flag says is taken as it is.
  std::uint64_t seed = kDefaultSeed;
  // Time for all executions; unset: 0.3 s for a check, 20 s for a negative control, which ends at
  // its first find.
  std::optional<Seconds> budget = {};
  // At most so many executions; unset: 10 000 for a check, any number for a negative control.
  std::optional<std::uint64_t> executions = {};
  // An execution is a hang when all its threads, and those of the processes that it started, have
  // been asleep, without any being woken, so long. So it must exceed the longest sleep and the
  // longest time-out in the body.
  Seconds hang_after{1.0};
  // An execution is a livelock when it has not ended after so long though threads run.
  Seconds livelock_after{20.0};
  unsigned perturb = kAllModes;
  // Run the search in a child process, so that a crash becomes a report. What the body changes
  // outside itself is then not seen afterwards. Unset: a negative control does, a check does not.
  std::optional<bool> isolate = {};

  // Of a test of generated programs: this one, from a report, and no other.
  std::string program = {};

  // Of the explorer alone. A strategy is "portfolio", "mixed", "random_walk", "random_walk:BURST",
  // "pct:DEPTH", "pos", "surw", "urw", "places", "exhaustive", or "exhaustive:PREEMPTIONS"; a
  // schedule, from a report, is run and nothing else.
  std::string strategy = "portfolio";
  std::string schedule = {};
  std::uint64_t steps = 20'000;  // an execution of more is a livelock
  std::uint64_t spurious = 1;    // spurious wake-ups and weak failures in an execution
  std::uint64_t stack_bytes = 256 << 10;
  bool kernel_threads = false;  // not on fibers: slower, with no trick in it
  bool plain_points = false;    // a plain access, too, is a place to switch
  bool races = true;            // look for data races and for uses of freed memory
  bool twice = false;           // run each schedule twice and compare
  // At most so long a violating schedule is made simpler; 0: it is reported as it was found. Unset:
  // 0.5 s for a check, 0 for a negative control.
  std::optional<Seconds> minimise = {};
  // How many processes search; unset: 1, in a campaign one for each core.
  std::optional<unsigned> workers = {};
  // A folder: a long search, whose state and findings are kept there, and which goes on where it
  // was when it is run again. Its default budget is 600 s.
  std::string campaign = {};
  // A timed wait gives up only when no thread could run otherwise. Unset, it may give up at any
  // time: threads can be as slow as they like, so no time-out is long enough.
  bool patient = false;
  // Locks taken in orders that contradict each other are a violation when the search has found
  // nothing worse within its budget; when it has run every schedule, they are told and no more.
  bool lock_order = true;
  // A block of the heap to which nothing refers when all threads have ended is a violation.
  bool leaks = true;
  // Of calls that the body tells of, as generated programs do: how far they come whatever others
  // do.
  explore::Guarantee guarantee = {};
  // A violation is not repeated to be explained: the report has no interleaving and no finding, and
  // its text is short. For counting how often something is found.
  bool brief = false;
};

// What a purpose takes for a value that nobody gave.
struct Defaults {
  Seconds budget{0.3};
  std::uint64_t executions = 10'000;
  bool isolate = false;
  Seconds minimise{0.5};
  unsigned workers = 1;
  // The environment and flags may then lengthen the budget but not shorten it: a control that was
  // not given its time proves nothing.
  bool budget_is_a_floor = false;
};

// A bad value: what() names the place, the value and what would be right.
class OptionError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

struct OptionRow {
  std::string_view field;
  std::string_view environment;
  std::string_view flag;  // with its leading dashes
  std::string_view fallback;
  std::string_view meaning;
};
std::span<const OptionRow> options_table();

// `in_code` overridden by the environment, then by the flags taken; every field filled in. Throws
// OptionError.
Options resolved(const Options& in_code, const Defaults& defaults = {});

// Removes all --weft_... flags from the arguments and remembers them for resolved(). Throws
// OptionError for an unknown flag or a bad value. The first argument is kept as the program's name.
void take_flags(int* argc, char** argv);
// For tests: what take_flags remembered is forgotten.
void forget_flags();

// "yield,sleep" and back. Throws OptionError.
unsigned perturb_modes_from(std::string_view text);
std::string to_string_of_modes(unsigned modes);

// What of the options differs from `in_code` by environment or flag, as NAME=value, so that a
// replay line can repeat it; without the seed.
std::vector<std::string> overrides();

// The moment by which the process should have reported: 80 % of Bazel's TEST_TIMEOUT after its
// start. Far in the future without TEST_TIMEOUT.
std::chrono::steady_clock::time_point report_deadline();

}  // namespace weft
