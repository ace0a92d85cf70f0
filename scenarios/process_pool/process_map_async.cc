#include "scenarios/process_pool/process_map_async.h"

#include <optional>
#include <vector>

#include "primitives/ipc/event.h"
#include "primitives/process_pool/process_pool.h"
#include "scenarios/pool/asked.h"
#include "scenarios/pool/ten_numbers.h"

namespace weft::scenarios {
namespace {

// What the numbers wait for. The pool's processes have this thread's.
thread_local std::optional<ipc::Event> go;

int patient_adder(int a) {
  go->wait();
  return adder(a);
}

void run(Transcript& out, const Pace&) {
  go.emplace();
  ipc::Pool pool1(4);
  wait_and_get(out, pool1.map_async(adder, ten_numbers()));
  int callbacks = 0;
  const auto results = pool1.map_async(patient_adder, ten_numbers(), 1,
                                       [&callbacks](const std::vector<int>&) { ++callbacks; });
  ask_too_early(out, results, [] { go->set(); }, callbacks);
}

}  // namespace

constinit const Scenario kProcessMapAsync = {
    .row = "000-8b",
    .target = "//scenarios/process_pool:process_map_async",
    .shows = "A result of processes that is asked for later, and says so when it is not there.",
    .run = run,
    .judge = judge_asked,
    .starts_processes = true,
};

}  // namespace weft::scenarios
