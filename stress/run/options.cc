#include "stress/run/options.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <map>

#include "stress/run/environment.h"
#include "stress/run/random.h"
#include "stress/run/seeds.h"

namespace weft {
namespace {

const auto process_start = std::chrono::steady_clock::now();

constexpr std::array kTable = {
    OptionRow{"seed", "WEFT_SEED", "--weft_seed", "20260101",
              "seed of the first execution; the others follow from it"},
    OptionRow{"budget", "WEFT_SECONDS", "--weft_seconds", "0.3",
              "seconds for all executions of a check (a negative control: 20)"},
    OptionRow{"executions", "WEFT_EXECUTIONS", "--weft_executions", "10000",
              "at most so many executions of a check (a negative control: no limit)"},
    OptionRow{"hang_after", "WEFT_HANG_SECONDS", "--weft_hang_seconds", "1",
              "seconds for which all threads and processes of an execution must sleep, none being "
              "woken, to be a hang"},
    OptionRow{"livelock_after", "WEFT_LIVELOCK_SECONDS", "--weft_livelock_seconds", "20",
              "seconds after which an execution that has not ended is a livelock"},
    OptionRow{"perturb", "WEFT_PERTURB", "--weft_perturb", "all",
              "what executions do to their schedule: all, none, or some of plain, yield, sleep, "
              "spin, pin, separated by commas"},
    OptionRow{"isolate", "WEFT_ISOLATE", "--weft_isolate", "0",
              "1: search in a child process, so that a crash is reported (a negative control: 1)"},
    OptionRow{"program", "WEFT_PROGRAM", "--weft_program", "none",
              "of a test of generated programs: run this one, from a report"},
    OptionRow{"strategy", "WEFT_STRATEGY", "--weft_strategy", "portfolio",
              "explore: portfolio, mixed, random_walk, random_walk:BURST, pct:DEPTH, pos, surw, "
              "urw, places, exhaustive, or exhaustive:PREEMPTIONS"},
    OptionRow{"schedule", "WEFT_SCHEDULE", "--weft_schedule", "none",
              "explore: run this one schedule, from a report"},
    OptionRow{"steps", "WEFT_STEPS", "--weft_steps", "20000",
              "explore: an execution of more steps is a livelock"},
    OptionRow{"spurious", "WEFT_SPURIOUS", "--weft_spurious", "1",
              "explore: spurious wake-ups and weak failures in an execution, at most"},
    OptionRow{"stack_bytes", "WEFT_STACK_BYTES", "--weft_stack_bytes", "262144",
              "explore: the stack of a thread"},
    OptionRow{"kernel_threads", "WEFT_KERNEL_THREADS", "--weft_kernel_threads", "0",
              "explore: 1: on kernel threads instead of fibers"},
    OptionRow{"plain_points", "WEFT_PLAIN_POINTS", "--weft_plain_points", "0",
              "explore: 1: switch at plain accesses, too"},
    OptionRow{"races", "WEFT_RACES", "--weft_races", "1",
              "explore: 0: do not look for data races and for uses of freed memory"},
    OptionRow{"twice", "WEFT_TWICE", "--weft_twice", "0",
              "explore: 1: run each schedule twice, and report the first difference"},
    OptionRow{"minimise", "WEFT_MINIMISE", "--weft_minimise", "0.5",
              "explore: seconds to make the schedule of a violation simpler, 0: as it was found (a "
              "negative control: 0)"},
    OptionRow{
        "workers", "WEFT_WORKERS", "--weft_workers", "1",
        "explore: so many processes search, with seeds of their own (a campaign: one for each "
        "core)"},
    OptionRow{"campaign", "WEFT_CAMPAIGN", "--weft_campaign", "none",
              "explore: a folder for a long search: its state, from which it goes on, and its "
              "findings"},
    OptionRow{"patient", "WEFT_PATIENT", "--weft_patient", "0",
              "explore: 1: a timed wait gives up only when no thread could run otherwise"},
    OptionRow{"lock_order", "WEFT_LOCK_ORDER", "--weft_lock_order", "1",
              "explore: 0: say nothing of locks that are taken in contradicting orders"},
    OptionRow{"leaks", "WEFT_LEAKS", "--weft_leaks", "1",
              "explore: 0: say nothing of memory that nobody frees and nothing refers to"},
};

std::map<std::string, std::string, std::less<>>& flags() {
  static auto* taken = new std::map<std::string, std::string, std::less<>>;
  return *taken;
}

// A value and where it was written, for messages.
struct Given {
  std::string place;
  std::string value;
};

std::optional<Given> given(const OptionRow& row) {
  const auto flag = flags().find(row.flag);
  if (flag != flags().end()) return Given{std::string(row.flag), flag->second};
  const char* value = std::getenv(std::string(row.environment).c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return Given{std::string(row.environment), value};
}

[[noreturn]] void reject(const Given& given, const std::string& wanted) {
  throw OptionError(given.place + "=" + given.value + ": " + wanted);
}

std::uint64_t whole_number(const Given& given, const std::string& wanted) {
  std::string_view text = given.value;
  const int base = text.starts_with("0x") ? 16 : 10;
  if (base == 16) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) reject(given, wanted);
  return value;
}

Seconds seconds(const Given& given, bool or_none = false) {
  double value = 0;
  const char* end = given.value.data() + given.value.size();
  const auto [parsed, error] = std::from_chars(given.value.data(), end, value);
  if (error != std::errc() || parsed != end || !std::isfinite(value) || value > 1e6 ||
      (or_none ? value < 0 : value <= 0)) {
    reject(given, "not a time; give seconds above 0, for example " + given.place + "=2.5");
  }
  return Seconds(value);
}

bool yes_or_no(const Given& given) {
  if (given.value == "1") return true;
  if (given.value == "0") return false;
  reject(given, "neither yes nor no; give " + given.place + "=1 or " + given.place + "=0");
}

void apply_exploration(const OptionRow& row, const Given& given, Options& options) {
  const auto number = [&] {
    return whole_number(given, "not a count; give a whole number, for example " + given.place +
                                   "=" + std::string(row.fallback));
  };
  if (row.field == "program") {
    options.program = given.value == row.fallback ? "" : given.value;
  } else if (row.field == "strategy") {
    options.strategy = given.value;
  } else if (row.field == "schedule") {
    options.schedule = given.value == row.fallback ? "" : given.value;
  } else if (row.field == "steps") {
    options.steps = number();
  } else if (row.field == "spurious") {
    options.spurious = number();
  } else if (row.field == "stack_bytes") {
    options.stack_bytes = number();
  } else if (row.field == "kernel_threads") {
    options.kernel_threads = yes_or_no(given);
  } else if (row.field == "plain_points") {
    options.plain_points = yes_or_no(given);
  } else if (row.field == "races") {
    options.races = yes_or_no(given);
  } else if (row.field == "twice") {
    options.twice = yes_or_no(given);
  } else if (row.field == "minimise") {
    options.minimise = seconds(given, true);
  } else if (row.field == "workers") {
    options.workers = static_cast<unsigned>(number());
    if (*options.workers == 0 || *options.workers > 256) reject(given, "give 1 to 256");
  } else if (row.field == "campaign") {
    options.campaign = given.value == row.fallback ? "" : given.value;
  } else if (row.field == "patient") {
    options.patient = yes_or_no(given);
  } else if (row.field == "lock_order") {
    options.lock_order = yes_or_no(given);
  } else if (row.field == "leaks") {
    options.leaks = yes_or_no(given);
  }
}

void apply(const OptionRow& row, const Given& given, Options& options) {
  if (row.field == "seed") {
    options.seed = whole_number(
        given, "not a seed; give a number from 0 to 2^64-1, for example " + given.place + "=7");
  } else if (row.field == "budget") {
    options.budget = seconds(given);
  } else if (row.field == "executions") {
    options.executions = whole_number(
        given, "not a count; give a whole number above 0, for example " + given.place + "=1000");
    if (options.executions == 0) {
      reject(given, "no execution would judge nothing; give at least 1");
    }
  } else if (row.field == "hang_after") {
    options.hang_after = seconds(given);
  } else if (row.field == "livelock_after") {
    options.livelock_after = seconds(given);
  } else if (row.field == "perturb") {
    try {
      options.perturb = perturb_modes_from(given.value);
    } catch (const OptionError& error) {
      reject(given, error.what());
    }
  } else if (row.field == "isolate") {
    options.isolate = yes_or_no(given);
  } else {
    apply_exploration(row, given, options);
  }
}

void check_ranges(const Options& options) {
  if (options.perturb == 0 || (options.perturb & ~unsigned{kAllModes}) != 0) {
    throw OptionError(
        "Options::perturb: not a set of modes; combine kPlain, kYield, kSleep, "
        "kSpin and kPin with |");
  }
  if (options.executions == std::uint64_t{0}) {
    throw OptionError("Options::executions is 0, so nothing would be judged; give at least 1");
  }
  for (Seconds time :
       {options.budget.value_or(Seconds(1)), options.hang_after, options.livelock_after}) {
    if (!(time > Seconds(0))) {
      throw OptionError("Options: budget, hang_after and livelock_after must be above 0 s");
    }
  }
}

}  // namespace

std::span<const OptionRow> options_table() { return kTable; }

Options resolved(const Options& in_code, const Defaults& defaults) {
  Options options = in_code;
  if (!options.budget) options.budget = defaults.budget;
  if (!options.executions) options.executions = defaults.executions;
  if (!options.isolate) options.isolate = defaults.isolate;
  if (!options.minimise) options.minimise = defaults.minimise;
  if (!options.workers) options.workers = defaults.workers;
  check_ranges(options);
  const Options floor = options;
  bool seed_given = false;
  for (const OptionRow& row : kTable) {
    if (const auto value = given(row)) {
      apply(row, *value, options);
      seed_given |= row.field == "seed";
    }
  }
  if (defaults.budget_is_a_floor) {
    options.budget = std::max(*options.budget, *floor.budget);
    options.executions = std::max(*options.executions, *floor.executions);
    options.isolate = floor.isolate;
    options.perturb |= floor.perturb;
  }
  if (!seed_given) {
    const std::uint64_t repetition = internal::number_in_environment("TEST_RANDOM_SEED");
    if (repetition != 0) options.seed = seed_of({options.seed, repetition});
    const internal::Share shard = internal::share_of_shard();
    options.seed = internal::Seeds(options.seed, shard).at(0);
  }
  return options;
}

void take_flags(int* argc, char** argv) {
  int kept = 1;
  for (int i = 1; i < *argc; ++i) {
    const std::string_view argument = argv[i];
    if (!argument.starts_with("--weft_")) {
      argv[kept++] = argv[i];
      continue;
    }
    const std::size_t equals = argument.find('=');
    const std::string_view name = argument.substr(0, equals);
    std::string known;
    const OptionRow* found = nullptr;
    for (const OptionRow& row : kTable) {
      if (row.flag == name) found = &row;
      known += " " + std::string(row.flag);
    }
    if (found == nullptr) {
      throw OptionError(std::string(name) + ": there is no such option; there are" + known);
    }
    if (equals == argument.npos) {
      throw OptionError(std::string(name) + ": its value is missing; write " + std::string(name) +
                        "=" + std::string(found->fallback));
    }
    Options probe;
    apply(*found, {std::string(name), std::string(argument.substr(equals + 1))}, probe);
    flags().insert_or_assign(std::string(name), std::string(argument.substr(equals + 1)));
  }
  *argc = kept;
  argv[kept] = nullptr;
}

void forget_flags() { flags().clear(); }

unsigned perturb_modes_from(std::string_view text) {
  static constexpr std::pair<std::string_view, unsigned> kNames[] = {
      {"all", kAllModes}, {"none", kPlain}, {"plain", kPlain}, {"yield", kYield},
      {"sleep", kSleep},  {"spin", kSpin},  {"pin", kPin}};
  unsigned modes = 0;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view word = text.substr(0, comma);
    unsigned mode = 0;
    for (const auto& [name, value] : kNames) {
      if (name == word) mode = value;
    }
    if (mode == 0) {
      throw OptionError("no perturbation is called \"" + std::string(word) +
                        "\"; give all, none, or some of plain, yield, sleep, spin, pin, separated "
                        "by commas");
    }
    modes |= mode;
    if (comma == text.npos) return modes;
    text.remove_prefix(comma + 1);
  }
}

std::string to_string_of_modes(unsigned modes) {
  if (modes == kAllModes) return "all";
  static constexpr std::pair<const char*, unsigned> kNames[] = {
      {"plain", kPlain}, {"yield", kYield}, {"sleep", kSleep}, {"spin", kSpin}, {"pin", kPin}};
  std::string text;
  for (const auto& [name, mode] : kNames) {
    if ((modes & mode) == 0) continue;
    if (!text.empty()) text += ',';
    text += name;
  }
  return text;
}

std::vector<std::string> overrides() {
  std::vector<std::string> settings;
  for (const OptionRow& row : kTable) {
    if (row.field == "seed" || row.field == "schedule" || row.field == "program") continue;
    if (const auto value = given(row)) {
      settings.push_back(std::string(row.environment) + "=" + value->value);
    }
  }
  return settings;
}

std::chrono::steady_clock::time_point report_deadline() {
  const std::uint64_t timeout = internal::number_in_environment("TEST_TIMEOUT");
  if (timeout == 0) return process_start + std::chrono::hours(24 * 365);
  return process_start + std::chrono::milliseconds(timeout * 800);
}

}  // namespace weft
