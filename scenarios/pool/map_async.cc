#include "scenarios/pool/map_async.h"

#include <vector>

#include "primitives/pool/thread_pool.h"
#include "primitives/threading/event.h"
#include "scenarios/pool/asked.h"
#include "scenarios/pool/ten_numbers.h"

namespace weft::scenarios {
namespace {

void run(Transcript& out, const Pace&) {
  ThreadPool pool1(4);
  wait_and_get(out, pool1.map_async(adder, ten_numbers()));
  Event go;
  int callbacks = 0;
  const auto results = pool1.map_async(
      [&go](int a) {
        go.wait();
        return adder(a);
      },
      ten_numbers(), 1, [&callbacks](const std::vector<int>&) { ++callbacks; });
  ask_too_early(out, results, [&go] { go.set(); }, callbacks);
}

}  // namespace

constinit const Scenario kMapAsync = {
    .row = "000-8b",
    .target = "//scenarios/pool:map_async",
    .shows = "A result that is asked for later, and says so when it is not there.",
    .run = run,
    .judge = judge_asked,
};

}  // namespace weft::scenarios
