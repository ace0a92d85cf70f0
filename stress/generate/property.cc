#include "stress/generate/property.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "stress/generate/concurrent.h"
#include "stress/generate/interleavings.h"
#include "stress/generate/lockstep.h"
#include "stress/generate/program_text.h"
#include "stress/generate/random_program.h"
#include "stress/report/finding_json.h"
#include "stress/run/build_mode.h"
#include "stress/run/random.h"
#include "stress/run/replay.h"

namespace weft::generate {
namespace {

using Clock = std::chrono::steady_clock;

// Ways to run a program, the simplest first.
enum class Way { kInARow, kInLockstep, kConcurrently };
constexpr Way kWays[] = {Way::kInARow, Way::kInLockstep, Way::kConcurrently};

struct Failure {
  Way way;
  Program program;  // as it was run
  std::string text;
  std::optional<Report> report = {};
  std::optional<report::History> history = {};
};

// The finding, as programs and browsers read it, tells of the calls as well.
void put_history(Report& report, const report::History& history) {
  if (report.finding.empty()) return;
  report::Finding finding = report::finding_from_json(report.finding);
  finding.history = history;
  report.finding = report::to_json(finding);
}

// Of calls that never wait the lockstep sees what a row of them shows.
bool any_may_wait(const Vocabulary& vocabulary) {
  return std::any_of(vocabulary.operations.begin(), vocabulary.operations.end(),
                     [](const Operation& each) { return each.may_wait; });
}

// All calls by the main thread, in the order of their turns as far as each thread's allows.
Program in_a_row(const Vocabulary& vocabulary, const Program& program) {
  Program row;
  row.before = program.before;
  std::vector<std::size_t> places(program.threads.size(), 0);
  for (;;) {
    std::optional<unsigned> next;
    for (unsigned lane = 0; lane < program.main(); ++lane) {
      if (places[lane] == program.size(lane)) continue;
      if (!next ||
          program.call(lane, places[lane]).turn < program.call(*next, places[*next]).turn) {
        next = lane;
      }
    }
    if (!next) break;
    row.before.push_back(program.call(*next, places[*next]++));
  }
  row.after = program.after;
  return vocabulary.complete(finishing_part(vocabulary, vocabulary.complete(std::move(row))));
}

class Finder {
 public:
  Finder(const Vocabulary& vocabulary, const Search& search)
      : vocabulary_(vocabulary), search_(search), options_(resolved(search.options)) {}

  Verdict find() {
    if (!options_.program.empty()) return find_in(decoded(vocabulary_, options_.program));
    if (!options_.schedule.empty()) {
      throw OptionError(
          "WEFT_SCHEDULE: of a test of generated programs a schedule is nothing "
          "without WEFT_PROGRAM; paste the report's whole line");
    }
    const auto until =
        std::min(Clock::now() + std::chrono::duration_cast<Clock::duration>(*options_.budget),
                 report_deadline());
    Random random(options_.seed);
    do {
      const std::uint64_t seed = random();
      const ProgramSize size{
          .threads = static_cast<unsigned>(random.between(2, search_.threads_max)),
          .calls_max = search_.calls_max,
          .around_max = search_.around_max};
      const Program program = random_program(vocabulary_, size, seed);
      ++verdict_.programs;
      verdict_.calls += program.size();
      if (auto failure = failure_of(program, seed)) take(std::move(*failure), seed);
    } while (!verdict_.violation && Clock::now() < until && verdict_.programs < search_.programs);
    return verdict_;
  }

 private:
  // A program that was found before.
  Verdict find_in(const Program& program) {
    verdict_ = {.programs = 1, .calls = program.size()};
    std::optional<Failure> failure;
    if (!options_.schedule.empty()) {
      failure = concurrent_failure(program, options_.seed, 1, true);
    } else {
      failure = failure_of(program, options_.seed);
      if (failure) explain(*failure, options_.seed);
    }
    if (failure) verdict_.violation = violation_of(std::move(*failure), 0);
    return verdict_;
  }

  std::optional<Failure> failure_of(const Program& program, std::uint64_t seed) {
    for (const Way way : kWays) {
      if (auto failure = failure_in(way, program, seed, 1)) return failure;
    }
    return std::nullopt;
  }

  std::optional<Failure> failure_in(Way way, Program program, std::uint64_t seed, unsigned effort) {
    switch (way) {
      case Way::kInARow:
        if (!search_.in_a_row) return std::nullopt;
        program = in_a_row(vocabulary_, program);
        if (program.size() == 0) return std::nullopt;
        if (auto failure = concurrent_failure(program, seed, 0, false)) {
          failure->way = Way::kInARow;
          return failure;
        }
        return std::nullopt;
      case Way::kInLockstep:
        if (!search_.in_lockstep || program.size() == 0) return std::nullopt;
        if (search_.in_a_row && !any_may_wait(vocabulary_)) return std::nullopt;
        if (!vocabulary_.rescues) {
          program = vocabulary_.complete(finishing_part(vocabulary_, std::move(program)));
        }
        if (auto text = violation_in_lockstep(vocabulary_, program)) {
          return Failure{way, program, std::move(*text)};
        }
        return std::nullopt;
      case Way::kConcurrently:
        break;
    }
    if (!search_.on_real_threads) return std::nullopt;
    // What may wait for ever is judged where that is seen at once and leaves no thread behind.
    if (!kExplored || !search_.stuck) {
      program = vocabulary_.complete(finishing_part(vocabulary_, std::move(program)));
    }
    program.drop_idle_threads();
    // What one thread does alone was seen in a row.
    if (program.threads.size() < (kExplored ? 1 : 2)) return std::nullopt;
    return concurrent_failure(vocabulary_.complete(std::move(program)), seed, effort, false);
  }

  // With which a program is looked at for longest; what explains a violation must find it again.
  static constexpr unsigned kMostEffort = 12;

  // Effort 0: one execution.
  std::optional<Failure> concurrent_failure(const Program& program, std::uint64_t seed,
                                            unsigned effort, bool in_full) {
    Options options = search_.options;
    options.seed = seed;
    options.schedule = options_.schedule;
    options.program = encoded(vocabulary_, program);
    options.budget = Seconds(20);
    options.executions =
        effort == 0 ? 1 : effort * (kExplored ? search_.explored : search_.executions);
    // No call of a program takes time by itself.
    options.hang_after = std::min(options.hang_after, Seconds(0.3));
    options.isolate = false;
    options.workers = 1;
    options.brief = !in_full && options.schedule.empty();
    options.minimise = in_full ? search_.options.minimise.value_or(Seconds(0.5)) : Seconds(0);
    ProgramReport found = search_program(vocabulary_, program, options);
    verdict_.executions += found.report.executions;
    verdict_.histories += found.histories;
    verdict_.undecided += found.undecided;
    if (!found.report.violated()) return std::nullopt;
    Failure failure{Way::kConcurrently, program, ""};
    if (found.history) put_history(found.report, *found.history);
    // A history has all calls of the program; of other violations they are told.
    found.report.violation->text +=
        "\n" + (found.history ? history_text(*found.history) : table(vocabulary_, program));
    failure.report = std::move(found.report);
    failure.history = std::move(found.history);
    return failure;
  }

  // Goes to a simpler program as long as one violates the property too, and time is left.
  std::uint64_t simplify(Failure& failure, std::uint64_t seed) {
    const auto until =
        std::min(Clock::now() + std::chrono::duration_cast<Clock::duration>(search_.shrinking),
                 report_deadline());
    std::uint64_t steps = 0;
    // A violation that takes luck must be given more than one chance in a simpler program, and more
    // yet before there is said to be none.
    for (const unsigned effort : {4u, kMostEffort}) {
      const auto fails_too = [&](const Program& simpler) {
        if (Clock::now() >= until) return true;  // ends the search for simpler ones
        auto other = failure_in(failure.way, simpler, seed, effort);
        if (!other && failure.way == Way::kConcurrently) {
          other = failure_in(Way::kInARow, simpler, seed, 0);
        }
        if (!other) return false;
        failure = std::move(*other);
        ++steps;
        return true;
      };
      while (Clock::now() < until) {
        const Program from = failure.program;
        if (!for_simpler(vocabulary_, from, search_.around_max > 0, fails_too)) break;
      }
    }
    return steps;
  }

  // Under the explorer a brief search only counts; the same one, not brief, tells all.
  void explain(Failure& failure, std::uint64_t seed) {
    if (!kExplored || failure.way == Way::kInLockstep) return;
    const unsigned effort = failure.way == Way::kInARow ? 0 : kMostEffort;
    if (auto in_full = concurrent_failure(failure.program, seed, effort, true)) {
      in_full->way = failure.way;
      failure = std::move(*in_full);
    }
  }

  Violation violation_of(Failure failure, std::uint64_t shrinks) {
    Violation violation{.program = std::move(failure.program),
                        .seed = options_.seed,
                        .programs = verdict_.programs,
                        .shrinks = shrinks};
    if (failure.report) {
      violation.text = failure.report->text();
      violation.replay = failure.report->replay;
    } else {
      violation.text = std::move(failure.text);
      violation.replay =
          internal::replay_line(options_.test_filter, encoded(vocabulary_, violation.program))
              .with(options_.seed);
    }
    violation.report = std::move(failure.report);
    violation.history = std::move(failure.history);
    return violation;
  }

  void take(Failure failure, std::uint64_t seed) {
    const std::uint64_t shrinks = simplify(failure, seed);
    explain(failure, seed);
    verdict_.violation = violation_of(std::move(failure), shrinks);
  }

  const Vocabulary& vocabulary_;
  const Search& search_;
  const Options options_;
  Verdict verdict_;
};

}  // namespace

Verdict find_violation(const Vocabulary& vocabulary, const Search& search) {
  return Finder(vocabulary, search).find();
}

std::string text(const Verdict& verdict) {
  if (!verdict.violation) return "";
  const Violation& violation = *verdict.violation;
  std::string text = violation.text + "  found in program " + std::to_string(violation.programs) +
                     ", made smaller " + std::to_string(violation.shrinks) + " times; seed " +
                     std::to_string(violation.seed) + "\n";
  if (!violation.report) text += "  repeat: " + violation.replay + "\n";
  return text;
}

}  // namespace weft::generate
