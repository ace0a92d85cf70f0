#include "scenarios/pool/apply_in_threads.h"

#include "primitives/pool/thread_pool.h"
#include "scenarios/pool/own_results.h"

namespace weft::scenarios {
namespace {

void run(Transcript& out, const Pace& pace) {
  ThreadPool pool(2);
  apply_in_threads(out, [&](int thread, int round) {
    return pool.apply(
        [&pace](int t, int r) {
          pace.pause(0.2);
          return work_of(t, r);
        },
        thread, round);
  });
}

}  // namespace

constinit const Scenario kApplyInThreads = {
    .row = "004-6",
    .target = "//scenarios/pool:apply_in_threads",
    .shows = "Threads that share a pool get each its own results.",
    .run = run,
    .judge = judge_own_results,
};

}  // namespace weft::scenarios
