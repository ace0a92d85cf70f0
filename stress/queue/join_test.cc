// What a processor may reorder in a queue's join(): stress/base/in_step.h.
#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

#include "primitives/queue/queue.h"
#include "stress/base/in_step.h"
#include "stress/check.h"
#include "stress/run/build_mode.h"

namespace weft {
namespace {

// A joiner's count of itself and look at what is done must not change places, nor the other side's:
// else the last task_done() tells nobody, and the joiner sleeps for ever.
TEST(Queue, NoJoinerIsOverlookedByTheLastTaskDoneInAnyOfManyQueues) {
  constexpr std::size_t kQueues = kExplored ? 1 : 1024;
  check([](weft::Run& run) {
    std::vector<Queue<int>> queues(kQueues);
    for (auto& queue : queues) {
      queue.put(0);
      (void)queue.get();
    }
    testing_base::InStep steps;
    run.thread("worker", [&] {
      for (std::size_t i = 0; i < kQueues; ++i) {
        steps.meet(0, i);
        queues[i].task_done();
      }
    });
    run.thread("joiner", [&] {
      for (std::size_t i = 0; i < kQueues; ++i) {
        steps.meet(1, i);
        queues[i].join();
      }
    });
    run.join();
  });
}

}  // namespace
}  // namespace weft
