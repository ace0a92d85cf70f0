#include "scenarios/process_pool/process_apply.h"

#include "primitives/process_pool/process_pool.h"
#include "scenarios/pool/own_results.h"

namespace weft::scenarios {
namespace {

void run(Transcript& out, const Pace&) {
  // Made before the threads, as the document's main block does: its processes are copies of this
  // one, in which nobody holds anything yet.
  ipc::Pool pool(2);
  apply_in_threads(out, [&](int thread, int round) { return pool.apply(work_of, thread, round); });
}

}  // namespace

constinit const Scenario kProcessApply = {
    .row = "004-6",
    .target = "//scenarios/process_pool:process_apply",
    .shows = "Threads that share a pool of processes get each its own results.",
    .run = run,
    .judge = judge_own_results,
    .starts_processes = true,
};

}  // namespace weft::scenarios
