// The system calls of a manager and of a pool's nursery fail, one in a run; and after the failure
// the process is killed: their users are told or served, nobody hangs, and nothing is left.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/manager/manager.h"
#include "primitives/manager/manager_errors.h"
#include "primitives/process/process.h"
#include "primitives/process_pool/process_pool.h"
#include "stress/fault/fail_while_busy.h"
#include "stress/fault/kill_services.h"
#include "stress/fault/kill_while_busy.h"

namespace weft::fault {
namespace {

using Faults = KillWhileBusy::Faults;

// One client makes calls, for which the manager takes a connection, makes an object and changes it.
// After that another client has to be served.
std::size_t fail_in_manager(const Faults& faults, Outcomes& outcomes) {
  ipc::Manager manager;
  manager.start();
  const auto value = manager.value(std::string("a"));
  value.update([](std::string&) { allow_to_be_driven(); });
  std::size_t errors = 0;
  {
    KillWhileBusy driver(manager.process().pid(), faults);
    ipc::Process client([&] {
      try {
        value.set("b");
        const auto own = manager.value(std::string(5000, 'c'));
        own.set(std::string(5000, 'd'));
        std::_Exit(own.get() == std::string(5000, 'd') && value.get() == "b" ? 0 : 2);
      } catch (const RuntimeError&) {  // of the library's, which all say what has happened
      }
      std::_Exit(1);
    });
    client.start();
    client.join();
    EXPECT_LE(client.exitcode(), 1) << driver.failure();
    ++(client.exitcode() == 0 ? outcomes.served : outcomes.told);
    // Else the call that is to fail would be one of the next client's.
    if (faults.steps == 0 && !driver.failure().empty()) {
      ipc::Process next([&] { std::_Exit(value.get().size() == 1 ? 0 : 1); });
      next.start();
      next.join();
      EXPECT_EQ(next.exitcode(), 0) << "the next client is not served: " << driver.failure();
    }
    note_failure(outcomes, driver.failure());
    errors = driver.errors();
    (void)driver.kill_now_and_wait();
  }
  EXPECT_THROW((void)value.get(), ipc::ManagerGoneError);
  manager.process().join();
  return errors;
}

TEST(EachSystemCallFailsInside, AManagerWhichServesTheNextClient) {
  Outcomes outcomes;
  fail_each([&](const Faults& faults) { return fail_in_manager(faults, outcomes); });
  for (const char* const call : {"accept4", "recvmsg", "sendmsg", "epoll_ctl"}) {
    EXPECT_GT(outcomes.calls[call], 0) << "it does not call " << call;
  }
  EXPECT_GT(outcomes.served, 0);
  EXPECT_GT(outcomes.told, 0);
  EXPECT_FALSE(has_child());
}

TEST(ASystemCallFailsAndThenAKill, OfAManagerTellsItsClients) {
  Outcomes outcomes;
  fail_some_and_kill(3, [&](const Faults& faults) { return fail_in_manager(faults, outcomes); });
  EXPECT_GT(outcomes.told, 0);
  EXPECT_FALSE(has_child());
}

pid_t parent_of(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("PPid:")) return std::stoi(line.substr(5));
  }
  return 0;
}

// A worker is killed, and the nursery has to notice and to make another one; and once more, which
// it has to wait for in between.
std::size_t fail_in_nursery(const Faults& faults, Outcomes& outcomes) {
  std::size_t errors = 0;
  {
    ipc::Pool pool(1);
    const auto pid_of_worker = [] { return static_cast<int>(::getpid()); };
    pid_t worker = pool.apply(pid_of_worker);
    KillWhileBusy driver(parent_of(worker), faults);
    try {
      for (int deaths = 0; deaths < 2; ++deaths) {
        const pid_t killed = worker;
        (void)::kill(killed, SIGKILL);
        while (worker == killed) {
          try {
            worker = pool.apply(pid_of_worker);
          } catch (const ipc::WorkerDiedError&) {
          }
        }
        ++outcomes.served;
      }
    } catch (const ipc::BrokenProcessPool&) {
      ++outcomes.told;
    }
    note_failure(outcomes, driver.failure());
    errors = driver.errors();
    (void)driver.kill_now_and_wait();
    EXPECT_THROW((void)pool.apply([](int n) { return n; }, 1), ipc::BrokenProcessPool);
  }
  EXPECT_FALSE(has_child());
  return errors;
}

TEST(EachSystemCallFailsInside, ANurseryWhosePoolGoesOnOrSaysThatItIsBroken) {
  Outcomes outcomes;
  const std::vector<std::string> calls = {"socketpair", "clone", "pidfd_open", "poll", "recvfrom"};
  const auto run = [&](const Faults& faults) { return fail_in_nursery(faults, outcomes); };
  fail_each(run);
  fail_each_of(calls, run);  // how many it makes is not the same in each run
  for (const std::string& call : calls) {
    EXPECT_GT(outcomes.calls[call], 0) << "it does not call " << call;
  }
  EXPECT_GT(outcomes.served, 0);
  EXPECT_GT(outcomes.told, 0);
}

TEST(ASystemCallFailsAndThenAKill, OfANurseryBreaksItsPool) {
  Outcomes outcomes;
  fail_some_and_kill(2, [&](const Faults& faults) { return fail_in_nursery(faults, outcomes); });
  EXPECT_GT(outcomes.told, 0);
}

}  // namespace
}  // namespace weft::fault
