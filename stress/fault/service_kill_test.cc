// A manager's client, a manager, and a pool's worker, killed at each step of what they do for each
// other: the survivors are told, and nothing is left.
#include <gtest/gtest.h>

#include <array>
#include <cstddef>

#include "primitives/manager/manager.h"
#include "primitives/process_pool/process_pool.h"
#include "stress/fault/kill_services.h"
#include "stress/fault/kill_while_busy.h"

namespace weft::fault {
namespace {

using Step = KillWhileBusy::Step;

// More than any of these operations takes: a worker that looks for work asks the kernel in between.
constexpr std::size_t kMostCalls = 120;

TEST(KillAtEachSystemCall, OfAManagerTellsAllItsClients) {
  std::array<int, 3> outcomes{};
  std::size_t step = 1;
  while (step < kMostCalls && kill_manager_at({.steps = step}, outcomes)) ++step;
  EXPECT_GT(step, 8u) << "two calls are at least so many steps";
  EXPECT_GT(outcomes[0], 0) << "killed in the first call";
  EXPECT_GT(outcomes[2], 0) << "killed after the second";
  EXPECT_FALSE(has_child());
}

TEST(KillAtEachSystemCall, OfAManagersClientLeavesTheOthersTheLockAndNothingHalf) {
  ipc::Manager manager;
  manager.start();
  std::array<int, 2> outcomes{};
  std::size_t step = 1;
  while (step < kMostCalls && kill_client_at(manager, {.steps = step}, outcomes)) ++step;
  EXPECT_GT(outcomes[0], 0);
  EXPECT_GT(outcomes[1], 0) << "killed with the lock";
  manager.shutdown();
  EXPECT_EQ(manager.process().exitcode(), 0);
  EXPECT_FALSE(has_child());
}

void kill_worker_at_each(Step kind, std::size_t stride, std::size_t most) {
  const OfWorkers noted;
  std::array<int, 2> outcomes{};
  {
    ipc::Pool pool({.processes = 1, .initializer = allow_to_be_driven});
    (void)pool.apply([](int n) { return n; }, 1);
    for (std::size_t step = 1; step < most; step += stride) {
      if (!kill_worker_at(pool, {.step = kind, .steps = step}, outcomes)) break;
    }
  }
  EXPECT_GT(outcomes[0], 0);
  EXPECT_FALSE(has_child());
}

TEST(KillAtEachSystemCall, OfAPoolsWorkerFailsAtMostTheCallItWasIn) {
  kill_worker_at_each(Step::kSystemCalls, 1, kMostCalls);
}

TEST(KillAtManyInstructions, OfAPoolsWorkerFailsAtMostTheCallItWasIn) {
  kill_worker_at_each(Step::kInstructions, 401, 6000);
}

}  // namespace
}  // namespace weft::fault
