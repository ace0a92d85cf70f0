#include "stress/generate/concurrent.h"

#include <chrono>
#include <memory>

#include "stress/generate/interleavings.h"
#include "stress/run/run.h"
#include "stress/run/search.h"

namespace weft::generate {
namespace {

std::uint64_t now_ns() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                        std::chrono::steady_clock::now().time_since_epoch())
                                        .count());
}

struct Plan {
  Vocabulary vocabulary;
  Program program;
};

void run_thread(Subject& subject, const std::vector<Call>& calls, unsigned thread,
                std::vector<Seen>& seen) {
  for (std::size_t place = 0; place < calls.size(); ++place) {
    const Call& call = calls[place];
    seen[place].invoked = now_ns();
    seen[place].outcome = subject.run(
        call.operation, {.thread = thread, .argument = call.argument, .label = call.label});
    seen[place].returned = now_ns();
  }
}

// Empty if the model explains what was seen.
std::string objection(const Plan& plan, const History& history, const std::string& contents) {
  std::string what;
  for (const Position& end : explanations({Position(plan.vocabulary, plan.program)}, history)) {
    if (end.contents() == contents) return "";
    what = "at the end it holds \"" + contents + "\", the model \"" + end.contents() + "\"";
  }
  if (what.empty()) what = "no order of the operations explains what was seen";
  return what + ":\n" + table(plan.program, plan.vocabulary.names(), history);
}

void execute(const Plan& plan, Run& run) {
  const auto subject = plan.vocabulary.make_subject();
  History history(plan.program.size());
  for (unsigned thread = 0; thread < plan.program.size(); ++thread) {
    history[thread].resize(plan.program[thread].size());
    run.thread(
        [&, thread] { run_thread(*subject, plan.program[thread], thread, history[thread]); });
  }
  run.join();
  const std::string wrong = objection(plan, history, subject->contents());
  run.require(wrong.empty(), wrong);
}

}  // namespace

Report search_program(const Vocabulary& vocabulary, const Program& program, std::uint64_t seed,
                      std::uint64_t executions) {
  // Shared: threads that a hang leaves behind still use it.
  const auto plan = std::make_shared<const Plan>(Plan{vocabulary, program});
  return search(vocabulary.name, [plan](Run& run) { execute(*plan, run); },
                {.seed = seed,
                 .budget = Seconds(20),
                 .executions = executions,
                 // No call of a program takes time by itself.
                 .hang_after = Seconds(0.3),
                 .isolate = false});
}

}  // namespace weft::generate
