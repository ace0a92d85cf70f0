#include "stress/generate/concurrent.h"

#include <memory>
#include <utility>
#include <vector>

#include "stress/generate/judged.h"
#include "stress/linearize/recorder.h"
#include "stress/run/build_mode.h"
#include "stress/run/run.h"
#include "stress/run/search.h"

namespace weft::generate {
namespace {

using linearize::Recorder;

std::vector<std::vector<linearize::Operation>> lanes_of(const Vocabulary& vocabulary,
                                                        const Program& program) {
  std::vector<std::vector<linearize::Operation>> lanes(program.lanes());
  for (unsigned lane = 0; lane < program.lanes(); ++lane) {
    for (std::size_t place = 0; place < program.size(lane); ++place) {
      const Call& call = program.call(lane, place);
      lanes[lane].push_back({.function = call.operation, .arguments = vocabulary.arguments(call)});
    }
  }
  return lanes;
}

// Outlives the executions; threads that a hang leaves behind still use it.
struct Plan {
  Plan(const Vocabulary& v, const Program& p)
      : vocabulary(v),
        program(p),
        lanes(lanes_of(vocabulary, program)),
        recorder(lanes, program.before.size()),
        judged(vocabulary, program) {}
  const Vocabulary vocabulary;
  const Program program;
  const std::vector<std::vector<linearize::Operation>> lanes;
  Recorder recorder;
  Judged judged;
  std::optional<report::History> wrong;  // in the last execution

  void run(Subject& subject, unsigned lane, std::size_t begin, std::size_t end) {
    for (std::size_t place = begin; place < end; ++place) {
      const linearize::Operation& call = lanes[lane][place];
      recorder.invoke(lane, place, !vocabulary.operations[call.function].may_wait);
      subject.run(call.function, lane, call.arguments, recorder.result(lane, place));
      recorder.returns(lane, place);
    }
  }
};

// Under the explorer the judge is no part of the execution. Calls that did not return wait for
// ever.
bool is_right(Plan& plan) {
  const linearize::Unrecorded harness;
  plan.wrong = plan.judged.objection(plan.recorder.history(linearize::End::kBlocked));
  return !plan.wrong;
}

void execute(Plan& plan, Run& run) {
  // The clock's order and none, in turn: see recorder.h.
  const bool by_clock = kExplored || plan.program.threads.size() < 2 || run.execution() % 2 == 0;
  plan.recorder.begin(by_clock ? Recorder::Order::kMarks : Recorder::Order::kThreads);
  run.may_end_stuck([](void* stuck) { return is_right(*static_cast<Plan*>(stuck)); }, &plan);
  const Program& program = plan.program;
  const auto subject = plan.vocabulary.make_subject();
  plan.run(*subject, program.main(), 0, program.before.size());
  for (unsigned lane = 0; lane < program.main(); ++lane) {
    run.thread([&plan, &subject, lane] { plan.run(*subject, lane, 0, plan.lanes[lane].size()); });
  }
  run.join();
  plan.run(*subject, program.main(), program.before.size(), program.size(program.main()));
  // The same sentence each time: a schedule is simplified as long as it fails alike.
  if (!is_right(plan)) run.fail("no order of the calls explains what was seen");
}

}  // namespace

ProgramReport search_program(const Vocabulary& vocabulary, const Program& program,
                             const Options& options) {
  const auto plan = std::make_shared<Plan>(vocabulary, program);
  ProgramReport found;
  Options all = options;
  all.guarantee = vocabulary.guarantee;
  found.report = search(vocabulary.name, [plan](Run& run) { execute(*plan, run); }, all);
  if (found.report.violated()) {
    const Kind kind = found.report.violation->kind;
    // A hang on real threads is judged when they are left behind.
    if (kind == Kind::kHang) {
      plan->wrong = plan->judged.objection(plan->recorder.history_of_sleepers());
    }
    const bool is_of_calls = kind == Kind::kAssertion || satisfies(Kind::kHang, kind);
    // Of the execution that is told of, which was the last one.
    if (is_of_calls) found.history = plan->wrong;
  }
  found.histories = plan->judged.distinct();
  found.undecided = plan->judged.undecided();
  return found;
}

}  // namespace weft::generate
