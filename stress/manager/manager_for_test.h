// What the tests of managers have in common.
//
// Thread safety: by the test's thread.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <chrono>
#include <deque>
#include <thread>

#include "primitives/manager/manager.h"
#include "primitives/process/process.h"

namespace weft::ipc {

class ManagerTest : public testing::Test {
 protected:
  void SetUp() override { manager.start(); }
  void TearDown() override {
    manager.shutdown();
    // A sanitizer's report in the manager's process is another number.
    EXPECT_EQ(manager.process().exitcode(), 0);
  }

  // Runs each in a process of its own; true if all end with 0.
  template <class F>
  static void in_processes(int count, F function) {
    std::deque<Process> processes;
    for (int i = 0; i < count; ++i) processes.emplace_back(function, i).start();
    for (Process& process : processes) {
      process.join();
      EXPECT_EQ(process.exitcode(), 0);
    }
  }

  Manager manager;
};

// Until it is so; the test's own time limit ends what never is.
template <class Is>
void await(Is is) {
  while (!is()) std::this_thread::yield();
}

class ManagerFaults : public testing::Test {
 protected:
  void SetUp() override { manager.start(); }
  // Until it has stopped.
  static void stop(Process& process) {
    process.send_signal(SIGSTOP);
    siginfo_t info;
    const auto pid = static_cast<id_t>(process.pid());
    ASSERT_EQ(::waitid(P_PID, pid, &info, WSTOPPED | WNOWAIT), 0);
  }
  void stop_manager() { stop(manager.process()); }
  void continue_manager() { manager.process().send_signal(SIGCONT); }
  // A sanitizer's report in the manager's process is another number.
  void expect_good_end() {
    manager.shutdown();
    EXPECT_EQ(manager.process().exitcode(), 0);
  }

  Manager manager{{.reply_limit = std::chrono::milliseconds(500)}};
};

}  // namespace weft::ipc
