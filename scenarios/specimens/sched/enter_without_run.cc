// An event is entered, and its writer waits for it to be called. As in the document, nobody calls
// run().
#include "primitives/sched/scheduler.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/sched/sched.h"

namespace weft::scenarios::specimens::sched {
namespace {

template <bool kRuns>
std::string enter() {
  int calls = 0;
  Scheduler scheduler;
  scheduler.enter(std::chrono::seconds(0), 1, [&calls] { ++calls; });
  if (kRuns) scheduler.run();
  return unless_equal("number of calls", calls, 1);
}

}  // namespace

constinit const Specimen kEnterWithoutRun{
    .row = "000-10",
    .name = "sched/enter_without_run",
    .mistake = "an event is entered, which calls nothing, and run() is forgotten",
    .kind = kind::kAssertion,
    .body = enter<false>,
    .mended = enter<true>,
};

}  // namespace weft::scenarios::specimens::sched
