// The system calls of a manager and of a pool's nursery fail, one in a run; and after the failure
// the process is killed: their users are told or served, nobody hangs, and nothing is left.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <string>

#include "primitives/base/errors.h"
#include "primitives/manager/manager.h"
#include "primitives/manager/manager_errors.h"
#include "primitives/process/process.h"
#include "primitives/process_pool/process_pool.h"
#include "stress/fault/kill_while_busy.h"

namespace weft::fault {
namespace {

using Faults = KillWhileBusy::Faults;

bool has_child() {
  siginfo_t info{};
  return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

// What came of the runs, and how often which call failed.
struct Outcomes {
  std::map<std::string, int> calls;
  int served = 0;
  int told = 0;
};

// Each call that can fail, with each of its errors, until none is left: `run` says how many errors
// the one that failed has, 0 if none failed.
void fail_each(const std::function<std::size_t(Faults)>& run) {
  for (std::size_t call = 0; call < 200; ++call) {
    for (std::size_t error = 0, errors = 1; error < errors; ++error) {
      errors = run({.failing_call = call, .error = error});
      if (errors == 0) return;
    }
  }
  ADD_FAILURE() << "there is no end of the calls";
}

// One call in `stride`, with one of its errors, and a kill soon after.
void fail_some_and_kill(std::size_t stride, const std::function<std::size_t(Faults)>& run) {
  for (const std::size_t steps : {1, 4}) {
    for (std::size_t call = 0; call < 40; call += stride) {
      if (run({.steps = steps, .failing_call = call, .error = call % stride}) == 0) break;
    }
  }
}

void note_failure(Outcomes& outcomes, const std::string& failure) {
  if (!failure.empty()) ++outcomes.calls[failure.substr(0, failure.find(' '))];
}

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

// A worker is killed, and the nursery has to notice and to make another one.
std::size_t fail_in_nursery(const Faults& faults, Outcomes& outcomes) {
  std::size_t errors = 0;
  {
    ipc::Pool pool(1);
    const pid_t worker = pool.apply([] { return static_cast<int>(::getpid()); });
    KillWhileBusy driver(parent_of(worker), faults);
    (void)::kill(worker, SIGKILL);
    try {
      for (;;) {
        try {
          EXPECT_EQ(pool.apply([](int n) { return n + 1; }, 4), 5);
          ++outcomes.served;
          break;
        } catch (const ipc::WorkerDiedError&) {
        }
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
  fail_each([&](const Faults& faults) { return fail_in_nursery(faults, outcomes); });
  for (const char* const call : {"socketpair", "clone", "pidfd_open", "poll", "recvfrom"}) {
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
