// A manager's client, a manager, and a pool's worker, killed where they enter each named step of
// what they do for each other: the survivors are told, and nothing is left.
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "primitives/manager/manager.h"
#include "primitives/process_pool/process_pool.h"
#include "stress/fault/kill_services.h"
#include "stress/fault/kill_while_busy.h"

namespace weft::fault {
namespace {

using Faults = KillWhileBusy::Faults;

// Of each function the first times that the process comes there. `kill` says whether it did.
void kill_at_each(const std::vector<std::string>& functions,
                  const std::function<bool(const Faults&)>& kill) {
  constexpr std::size_t kMostTimes = 3;
  for (const std::string& function : functions) {
    std::size_t times = 1;
    while (times <= kMostTimes &&
           kill({.step = KillWhileBusy::Step::kPoints, .steps = times, .points = {function}})) {
      ++times;
    }
    EXPECT_GT(times, 1u) << "it does not come to " << function;
  }
}

TEST(KillAtPoints, OfAManagerTellsAllItsClients) {
  std::array<int, 3> outcomes{};
  kill_at_each({"weft::ipc::Connection::recv_bytes", "weft::ipc::detail::ObjectTable::get",
                "weft::ipc::detail::HeldValue::call", "weft::ipc::detail::HeldValue::set",
                "weft::ipc::detail::HeldValue::get", "weft::ipc::Connection::send_bytes"},
               [&](const Faults& faults) { return kill_manager_at(faults, outcomes); });
  EXPECT_GT(outcomes[0], 0) << "killed in the first call";
  EXPECT_GT(outcomes[1], 0) << "killed in the second";
  EXPECT_FALSE(has_child());
}

TEST(KillAtPoints, OfAManagersClientLeavesTheOthersTheLockAndNothingHalf) {
  ipc::Manager manager;
  manager.start();
  std::array<int, 2> outcomes{};
  kill_at_each(
      {"weft::ipc::detail::ManagerLink::open_channel",
       "weft::ipc::detail::ManagerLink::call_for_object", "weft::ipc::detail::ManagerLink::call",
       "weft::ipc::detail::ManagerLink::wait", "weft::ipc::detail::Channel::call",
       "weft::ipc::Connection::send_bytes", "weft::ipc::Connection::recv_bytes"},
      [&](const Faults& faults) { return kill_client_at(manager, faults, outcomes); });
  EXPECT_GT(outcomes[0], 0);
  EXPECT_GT(outcomes[1], 0) << "killed with the lock";
  manager.shutdown();
  EXPECT_EQ(manager.process().exitcode(), 0);
  EXPECT_FALSE(has_child());
}

TEST(KillAtPoints, OfAPoolsWorkerFailsAtMostTheCallItWasIn) {
  const OfWorkers noted;
  std::array<int, 2> outcomes{};
  {
    ipc::Pool pool({.processes = 1, .initializer = allow_to_be_driven});
    (void)pool.apply([](int n) { return n; }, 1);
    const std::string loop = "weft::internal::(anonymous namespace)::WorkerLoop::";
    kill_at_each(
        {"weft::internal::StreamReader::read", loop + "read_arguments",
         "weft::internal::SharedSlot::decide", loop + "do_task",
         "weft::fault::(anonymous namespace)::note_and_double", loop + "write_record",
         "weft::internal::StreamWriter::write", loop + "publish", "weft::internal::Bell::ring"},
        [&](const Faults& faults) { return kill_worker_at(pool, faults, outcomes); });
  }
  EXPECT_GT(outcomes[0], 0);
  EXPECT_GT(outcomes[1], 0);
  EXPECT_FALSE(has_child());
}

}  // namespace
}  // namespace weft::fault
