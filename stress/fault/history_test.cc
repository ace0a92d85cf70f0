// What processes see of a queue, a connection and a semaphore, some of them killed meanwhile: each
// history is judged against the same models as those of threads.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "primitives/ipc/semaphore.h"
#include "primitives/ipc/shared_object.h"
#include "primitives/message/connection.h"
#include "primitives/message/queue.h"
#include "stress/fault/history_of_processes.h"
#include "stress/fault/single_step.h"
#include "stress/ipc/child.h"
#include "stress/linearize/models/queue.h"
#include "stress/linearize/models/semaphore.h"
#include "stress/linearize/shared_recorder.h"

namespace weft::fault {
namespace {

TEST(HistoriesOfProcesses, OfAQueueAreThoseOfAQueue) {
  const auto model = linearize::models::queue();
  const unsigned put = number_of(model, "put");
  const unsigned try_get = number_of(model, "try_get");
  std::size_t pending = 0;
  for (unsigned seed = 0; seed < kHistories; ++seed) {
    ipc::Queue<std::int64_t> queue;
    const auto history =
        history_of(seed, [&](SharedRecorder& recorder, unsigned lane, std::minstd_rand& random) {
          if (random() % 2 == 0) {
            const std::int64_t item = static_cast<std::int64_t>(lane) * 1'000'000 + random() % 1000;
            recorder.call(lane, put, item, [&] { queue.put(item); });
          } else {
            (void)recorder.call(lane, try_get, {}, [&] { return queue.try_get(); });
          }
        });
    pending += pending_calls(history);
    ASSERT_EQ(judged(model, history), "linearizable") << "seed " << seed;
  }
  RecordProperty("pending", static_cast<int>(pending));
}

// One receives, which looks first, and the others send; some of these are killed.
TEST(HistoriesOfProcesses, OfAConnectionAreThoseOfAQueue) {
  const auto model = linearize::models::queue();
  const unsigned put = number_of(model, "put");
  const unsigned try_get = number_of(model, "try_get");
  std::size_t pending = 0;
  std::size_t received = 0;
  for (unsigned seed = 0; seed < kHistories; ++seed) {
    auto ends = ipc::pipe(false);
    const auto history =
        history_of(seed, [&](SharedRecorder& recorder, unsigned lane, std::minstd_rand& random) {
          if (lane != 0) {
            const std::int64_t item = static_cast<std::int64_t>(lane) * 1'000'000 + random() % 1000;
            recorder.call(lane, put, item, [&] { ends.second.send(item); });
          } else {
            (void)recorder.call(lane, try_get, {}, [&]() -> std::optional<std::int64_t> {
              if (!ends.first.poll()) return std::nullopt;
              return ends.first.recv<std::int64_t>();
            });
          }
        });
    pending += pending_calls(history);
    for (const auto& each : history.threads[0]) {
      received += each.result != linearize::Value() ? 1 : 0;
    }
    ASSERT_EQ(judged(model, history), "linearizable") << "seed " << seed;
  }
  EXPECT_GT(received, 0u);
  RecordProperty("pending", static_cast<int>(pending));
}

// A process that is killed after so many instructions of its call, which so is a pending one.
TEST(HistoriesOfProcesses, OfAQueueWithACallInWhichItsProcessWasKilled) {
  const auto model = linearize::models::queue();
  const unsigned put = number_of(model, "put");
  const unsigned try_get = number_of(model, "try_get");
  std::size_t pending = 0;
  for (const unsigned operation : {put, try_get}) {
    bool has_ended = false;
    for (unsigned steps = 0; !has_ended; steps += 101) {
      ipc::Queue<std::int64_t> queue;
      SharedRecorder recorder(2, 8);
      recorder.call(1, put, 12, [&] { queue.put(12); });
      SingleStep victim([] { ipc::Queue<int>().put(1); },
                        [&] {
                          if (operation == put) {
                            recorder.call(0, put, 11, [&] { queue.put(11); });
                          } else {
                            (void)recorder.call(0, try_get, {}, [&] { return queue.try_get(); });
                          }
                        });
      for (unsigned i = 0; i < steps && !has_ended; ++i) has_ended = !victim.step();
      victim.kill();
      victim.wait();
      recorder.call(1, put, 13, [&] { queue.put(13); });
      for (int i = 0; i < 4; ++i) {
        (void)recorder.call(1, try_get, {}, [&] { return queue.try_get(); });
      }
      const auto history = recorder.history();
      pending += pending_calls(history);
      ASSERT_EQ(judged(model, history), "linearizable") << "after " << steps << " instructions";
    }
  }
  EXPECT_GT(pending, 2u);
  RecordProperty("pending", static_cast<int>(pending));
}

TEST(HistoriesOfProcesses, OfASemaphoreAreThoseOfASemaphore) {
  const auto model = linearize::models::semaphore(2);
  const unsigned try_acquire = number_of(model, "try_acquire");
  const unsigned release = number_of(model, "release");
  const unsigned value = number_of(model, "value");
  for (unsigned seed = 0; seed < kHistories; ++seed) {
    ipc::Semaphore semaphore(2);
    const auto history = history_of(seed, [&](SharedRecorder& recorder, unsigned lane,
                                              std::minstd_rand& random) {
      if (random() % 4 == 0) {
        (void)recorder.call(lane, value, {},
                            [&] { return static_cast<std::int64_t>(semaphore.value()); });
      } else if (recorder.call(lane, try_acquire, {}, [&] { return semaphore.try_acquire(); })) {
        recorder.call(lane, release, {}, [&] { semaphore.release(); });
      }
    });
    ASSERT_EQ(judged(model, history), "linearizable") << "seed " << seed;
  }
}

// Controls: the judge can tell.

// A queue of processes without a lock: who gets looks first and takes then.
struct CarelessQueue {
  std::int64_t items[4] = {11, 12, 13, 14};
  std::atomic<int> front{0};
};

std::string judged_with_careless_get(bool overlap) {
  const auto model = linearize::models::queue();
  const unsigned put = number_of(model, "put");
  const unsigned try_get = number_of(model, "try_get");
  const auto queue = weft::internal::SharedObject<CarelessQueue>::make();
  const auto steps = weft::internal::SharedObject<Steps>::make();
  SharedRecorder recorder(3, 8);
  for (const std::int64_t item : queue->items) recorder.call(2, put, item, [] {});
  Child first([&] {
    (void)recorder.call(0, try_get, {}, [&] {
      const int front = queue->front.load();
      if (overlap) {
        steps->reach(1);
        steps->await(2);
      }
      queue->front.store(front + 1);
      return queue->items[front];
    });
    steps->reach(3);
    return 0;
  });
  Child second([&] {
    steps->await(overlap ? 1 : 3);
    (void)recorder.call(1, try_get, {}, [&] { return queue->items[queue->front++]; });
    if (overlap) steps->reach(2);
    return 0;
  });
  EXPECT_EQ(first.wait(), 0);
  EXPECT_EQ(second.wait(), 0);
  return judged(model, recorder.history());
}

TEST(HistoriesOfProcesses, OfAQueueWithoutALockAreCondemned) {
  EXPECT_EQ(judged_with_careless_get(false), "linearizable");
  EXPECT_NE(judged_with_careless_get(true).find("violated"), std::string::npos);
}

// What a killed process had got comes again: right if it was killed in the call, wrong if the call
// had returned.
std::string judged_with_an_item_twice(bool returned) {
  const auto model = linearize::models::queue();
  const unsigned put = number_of(model, "put");
  const unsigned try_get = number_of(model, "try_get");
  const auto steps = weft::internal::SharedObject<Steps>::make();
  SharedRecorder recorder(3, 8);
  recorder.call(2, put, 11, [] {});
  Child victim([&]() -> int {
    recorder.invoke(0, try_get);
    if (returned) recorder.returns(0, 11);
    steps->reach(1);
    for (;;) std::this_thread::yield();
  });
  steps->await(1);
  kill_and_wait(victim);
  (void)recorder.call(1, try_get, {}, [] { return std::int64_t{11}; });
  const auto history = recorder.history();
  EXPECT_EQ(pending_calls(history), returned ? 0u : 1u);
  return judged(model, history);
}

TEST(HistoriesOfProcesses, OfAKilledGetMayShowItsItemAgainAndOfOneThatReturnedMayNot) {
  EXPECT_EQ(judged_with_an_item_twice(false), "linearizable");
  EXPECT_NE(judged_with_an_item_twice(true).find("violated"), std::string::npos);
}

}  // namespace
}  // namespace weft::fault
