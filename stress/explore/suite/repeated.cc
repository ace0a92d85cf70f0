#include "stress/explore/suite/repeated.h"

#include <memory>

#include "stress/explore/replay.h"
#include "stress/run/execution.h"

namespace weft::suite {
namespace {

struct Call {
  const Specimen* specimen;
  internal::Execution* execution;
};

void run_body(void* argument) {
  const Call& call = *static_cast<const Call*>(argument);
  explore::set_thread_name("body");
  Run run(*call.execution);
  bool returned = false;
  try {
    call.specimen->body()(run);
    returned = true;
  } catch (...) {
    call.execution->record(Kind::kException, internal::describe_current_exception());
  }
  run.body_ended(returned);
}

[[noreturn]] void on_terminate() {
  if (!explore::inside()) std::abort();
  std::string text = "std::terminate() was called";
  {
    const explore::Outside outside;
    if (std::current_exception()) text = internal::describe_current_exception();
  }
  explore::abandon_execution(explore::Finding::kAbort, text.c_str());
}

}  // namespace

std::vector<const Specimen*> repeatable() {
  std::vector<const Specimen*> all = all_specimens();
  std::erase_if(all, [](const Specimen* each) { return !each->facts().keeps_state.empty(); });
  return all;
}

Session::Session() : before_(std::set_terminate(on_terminate)) {
  // Code without a scheduling point shall not cost the usual ten seconds.
  explore::begin_watch(1);
}

Session::~Session() {
  explore::end_watch();
  std::set_terminate(before_);
}

std::string to_string(const Trial& trial) {
  return std::string(explore::name_of(trial.finding)) + " \"" + trial.text + "\" after " +
         std::to_string(trial.steps) + " steps and " + std::to_string(trial.decisions.size()) +
         " decisions, digest " + std::to_string(trial.digest);
}

Trial execute(const Specimen& specimen, explore::Strategy& strategy, std::uint64_t seed,
              bool record, bool races) {
  const Options& options = specimen.facts().options;
  const auto execution = std::make_unique<internal::Execution>(seed, 0, 0);
  internal::set_current_execution(execution.get());
  Call call = {&specimen, execution.get()};
  const explore::Outcome& outcome =
      explore::execute(run_body, &call, strategy, seed,
                       {.steps = options.steps,
                        .spurious = static_cast<unsigned>(options.spurious),
                        .plain_points = options.plain_points,
                        .patient = options.patient,
                        .record = record,
                        .races = races && options.races});
  internal::set_current_execution(nullptr);
  Trial trial;
  trial.finding = outcome.finding;
  trial.text = outcome.text;
  for (const Violation& violation : execution->take_violations()) {
    trial.text += "; " + violation.text;
  }
  trial.digest = explore::trace_digest();
  trial.steps = explore::counters().steps;
  for (unsigned i = 0; i < explore::decision_count(); ++i) {
    trial.decisions.push_back(explore::decision(i));
  }
  return trial;
}

std::string steps_text() {
  std::string text;
  for (unsigned i = 0; i < explore::event_count(); ++i) {
    const explore::Event& event = explore::event(i);
    text += std::to_string(i) + ": thread " + std::to_string(event.thread) + " " +
            explore::name_of(event.operation.op) + " of " + std::to_string(event.object) + ", " +
            std::to_string(event.value) + "\n";
  }
  return text;
}

Trial replay(const Specimen& specimen, const std::vector<std::uint16_t>& decisions,
             std::uint64_t seed, bool record, bool races) {
  static explore::Replay strategy;
  strategy.clear();
  for (const std::uint16_t decision : decisions) strategy.add(decision);
  return execute(specimen, strategy, seed, record, races);
}

}  // namespace weft::suite
