#include "stress/run/explored_finding.h"

#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "stress/explore/explore.h"
#include "stress/report/finding_json.h"
#include "stress/report/recorded.h"
#include "stress/report/sources.h"
#include "stress/report/table.h"
#include "stress/report/words.h"
#include "stress/run/progress.h"
#include "stress/run/repetition.h"
#include "stress/run/simplification.h"
#include "stress/run/stacks.h"

namespace weft::internal {
namespace {

std::vector<ThreadDump> dumps_of(const report::Finding& finding) {
  std::vector<ThreadDump> dumps;
  for (const report::Thread& thread : finding.threads) {
    if (thread.state == report::ThreadState::kEnded) continue;
    ThreadDump& dump = dumps.emplace_back();
    dump.name = thread.name;
    dump.tid = static_cast<int>(&thread - finding.threads.data());
    dump.state = thread.state == report::ThreadState::kWaits ? "waits" : "could go on";
    dump.waits_for = thread.waits_for;
    for (unsigned frame : thread.stack) {
      const report::Frame& place = finding.frames[frame];
      dump.frames.push_back(to_string(SourcePlace{place.function, place.file, place.line}));
    }
  }
  return dumps;
}

// As wide as the terminal where the text will be read, if that is sensible.
std::size_t table_width() {
  const std::size_t columns = terminal_columns(STDOUT_FILENO);
  return columns == 0 ? report::TableOptions().width
                      : std::clamp<std::size_t>(columns, 100, report::TableOptions().width);
}

}  // namespace

void explain_last(ExploredSearch& search, Violation violation, std::string caveat) {
  violation.events = search.execution->events();
  const explore::Outcome& outcome = explore::last_outcome();
  const bool was_ended = outcome.finding != explore::Finding::kNone;
  report::Finding& finding = search.finding.emplace(
      report::recorded_finding(violation, was_ended ? outcome.thread : explore::kNobody));
  finding.caveat = std::move(caveat);
  violation.text = finding.sentence;
  violation.threads = dumps_of(finding);
  search.report.violation = std::move(violation);
}

void explain(ExploredSearch& search, const explore::Schedule& schedule, Violation violation) {
  explore::Replay& replay = replay_of(schedule);
  // Only an execution that is not recorded finds out whose wake-up was lost.
  if (violation.kind == Kind::kLostWakeup) {
    execute(search, replay, search.report.execution, schedule.seed, false);
  }
  const auto again = execute(search, replay, search.report.execution, schedule.seed, true);
  const bool same = !again.empty() && again.front().kind == violation.kind && last_was(schedule);
  explain_last(
      search, std::move(violation),
      same ? ""
           : "repeating this schedule gave another execution: the body depends on something "
             "that the explorer does not control, such as an address, a file or a random "
             "device. The repetition " +
                 (again.empty() ? std::string("found nothing") : "found: " + again.front().text));
}

void finish_finding(ExploredSearch& search) {
  Report& report = search.report;
  if (!search.finding) {
    search.finding.emplace();
    search.finding->kind = to_string(report.violation->kind);
    search.finding->sentence = report.violation->text;
  }
  report::Finding& finding = *search.finding;
  finding.test = report.name;
  finding.verdict = to_string(report.verdict);
  finding.strategy = report.mode;
  finding.seed = report.seed;
  finding.execution = report.execution;
  finding.schedule = report.schedule;
  finding.replay = report.replay;
  finding.executions = report.executions;
  finding.distinct = report.distinct;
  finding.seconds = report.seconds;
  finding.bounds = report.bounds;
  finding.original = search.original;
  report::put_sources(finding);
  report.finding = report::to_json(finding);
  if (!finding.caveat.empty()) report.interleaving = "  (" + finding.caveat + ")\n";
  if (finding.original) {
    report.interleaving += "  simplified: " + report::simplification(*finding.original) + "\n";
  }
  report.interleaving += report::table_of(finding, {.width = table_width()});
}

}  // namespace weft::internal
