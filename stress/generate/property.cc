#include "stress/generate/property.h"

#include <rapidcheck.h>

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>
#include <vector>

#include "stress/generate/concurrent.h"
#include "stress/generate/interleavings.h"
#include "stress/generate/lockstep.h"
#include "stress/run/build_mode.h"
#include "stress/run/random.h"
#include "stress/run/replay.h"

namespace weft::generate {
namespace {

using Clock = std::chrono::steady_clock;

// Numbers alone, so that rapidcheck's values, which are counted by reference without a lock, stay
// in this thread. They shrink by its rules to fewer calls and smaller arguments; other operations
// or another order would not be simpler.
using RawCall = std::tuple<int, int, int>;  // the operation, the argument, the turn
using RawProgram = std::vector<std::vector<RawCall>>;
constexpr int kRawArguments = 60;
constexpr int kTurns = 1000;

rc::Gen<RawProgram> any_program(const Vocabulary& vocabulary, const Search& search,
                                unsigned threads) {
  const auto operations = static_cast<int>(vocabulary.operations.size());
  // At the nominal size, or a range would be narrowed to its beginning.
  const auto call = rc::gen::resize(
      rc::kNominalSize, rc::gen::tuple(rc::gen::noShrink(rc::gen::inRange(0, operations)),
                                       rc::gen::inRange(0, kRawArguments),
                                       rc::gen::noShrink(rc::gen::inRange(0, kTurns))));
  const auto calls = rc::gen::resize(static_cast<int>(search.calls_max),
                                     rc::gen::container<std::vector<RawCall>>(call));
  return rc::gen::container<RawProgram>(threads, calls);
}

void drop_idle_threads(Program& program) {
  std::erase_if(program, [](const auto& calls) { return calls.empty(); });
}

Program plain(const Vocabulary& vocabulary, const RawProgram& raw) {
  Program program;
  for (const auto& raw_calls : raw) {
    auto& calls = program.emplace_back();
    for (const auto& [operation, number, turn] : raw_calls) {
      const auto place = static_cast<unsigned>(operation);
      const Arguments range = vocabulary.operations[place].arguments;
      calls.push_back({.operation = place,
                       .argument = range.low + number % (range.high - range.low + 1),
                       .turn = turn});
    }
  }
  drop_idle_threads(program);
  label_calls(program);
  return program;
}

std::string violation_on_real_threads(const Vocabulary& vocabulary, const Program& program,
                                      std::uint64_t seed, std::uint64_t executions) {
  const Report report = search_program(vocabulary, program, seed, executions);
  if (!report.violated()) return "";
  std::string text =
      std::string(to_string(report.violation->kind)) + ": " + report.violation->text + "\n";
  // An assertion's text has the table with what was seen.
  if (report.violation->kind != Kind::kAssertion) text += table(program, vocabulary.names());
  return text + (kExplored ? "under the explorer" : "on real threads") + ", in execution " +
         std::to_string(report.execution + 1) + " (" + report.mode + ")\n";
}

// Empty if neither way to run the plan shows a violation.
std::string violation_of(const Vocabulary& vocabulary, const Search& search, Program program,
                         std::uint64_t seed) {
  if (program.empty()) return "";
  if (search.in_lockstep) {
    if (auto text = violation_in_lockstep(vocabulary, program)) return *text;
  }
  if (!search.on_real_threads) return "";
  program = finishing_part(vocabulary, std::move(program));
  drop_idle_threads(program);
  label_calls(program);
  // Of one thread the lockstep has seen all, where there is one.
  if (program.size() < (kExplored ? 1 : 2)) return "";
  return violation_on_real_threads(vocabulary, program, seed, search.executions);
}

// Goes to a smaller program as long as one violates the property too, and time is left.
void shrink(const Vocabulary& vocabulary, Search search, rc::Shrinkable<RawProgram> program,
            Clock::time_point until, Violation& violation) {
  // A violation that takes luck must be given more than one chance in a smaller program.
  search.executions *= 4;
  for (bool smaller = true; smaller;) {
    smaller = false;
    auto candidates = program.shrinks();
    for (auto next = candidates.next(); next && !smaller; next = candidates.next()) {
      if (Clock::now() >= until) return;
      std::string text =
          violation_of(vocabulary, search, plain(vocabulary, next->value()), violation.seed);
      if (text.empty()) continue;
      violation.text = std::move(text);
      ++violation.shrinks;
      program = *next;
      smaller = true;
    }
  }
}

}  // namespace

Verdict find_violation(const Vocabulary& vocabulary, const Search& search) {
  const Options options = resolved(search.options);
  const auto until = Clock::now() + std::chrono::duration_cast<Clock::duration>(*options.budget);
  Verdict verdict;
  Random random(options.seed);
  do {
    const std::uint64_t seed = random();
    const auto threads = static_cast<unsigned>(random.between(2, search.threads_max));
    const rc::Shrinkable<RawProgram> raw =
        any_program(vocabulary, search, threads)(rc::Random(seed), rc::kNominalSize);
    const Program program = plain(vocabulary, raw.value());
    ++verdict.programs;
    for (const auto& calls : program) verdict.calls += calls.size();
    std::string text = violation_of(vocabulary, search, program, seed);
    if (text.empty()) continue;
    Violation violation{.text = std::move(text),
                        .replay = internal::replay_line(options.test_filter).with(options.seed),
                        .seed = options.seed,
                        .programs = verdict.programs};
    const auto enough =
        std::min(Clock::now() + std::chrono::duration_cast<Clock::duration>(search.shrinking),
                 report_deadline());
    shrink(vocabulary, search, raw, enough, violation);
    verdict.violation = std::move(violation);
  } while (!verdict.violation && Clock::now() < until && verdict.programs < search.programs);
  return verdict;
}

std::string text(const Verdict& verdict) {
  if (!verdict.violation) return "";
  const Violation& violation = *verdict.violation;
  return violation.text + "found in program " + std::to_string(violation.programs) +
         ", made smaller " + std::to_string(violation.shrinks) + " times; seed " +
         std::to_string(violation.seed) + "\nrepeat: " + violation.replay + "\n";
}

}  // namespace weft::generate
