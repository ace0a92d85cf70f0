// Processes and programs, where each system call of the one that starts them fails in its turn.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "primitives/ipc/value.h"
#include "primitives/process/popen.h"
#include "primitives/process/process.h"
#include "primitives/process/run.h"
#include "stress/fault/expect_told.h"
#include "stress/fault/fail_system_calls.h"

namespace weft::fault {
namespace {

using namespace std::chrono_literals;

// What a process does once is done, and its failure another test's.
void warm_up() {
  ipc::Process first([] {});
  first.start();
  first.join();
}

struct Start {
  Start() { warm_up(); }
  void run() { process.start(); }
  std::string judge(bool succeeded) {
    if (process.is_alive() && !succeeded) return "it lives after a start that failed";
    if (!succeeded) {
      if (begun.load() != 0) return "a part of it has run";
      process.start();
    }
    process.join();
    if (process.exitcode() != 0) return "it did not end with 0";
    return begun.load() == 1 ? "" : "it has not run once";
  }
  ipc::RawValue<int> begun;
  ipc::Process process{[this] { (void)begun.fetch_add(1); }};
};

TEST(EachSystemCallFails, OfStartAndTheProcessRunsOnceOrNotAtAll) {
  expect_told(fail_each_system_call<Start>(),
              {"socketpair", "eventfd2", "clone", "pidfd_open", "write"});
}

struct StartOfADaemon : Start {
  StartOfADaemon() { process.set_daemon(true); }
};

TEST(EachSystemCallFails, OfADaemonsStart) {
  expect_told(fail_each_system_call<StartOfADaemon>(), {"socketpair", "clone"});
}

// It ends when it is let, which is after a wait in vain.
struct Join {
  Join() { process.start(); }
  void run() {
    early = process.join_for(1ms);
    go.store(1);
    process.join();
  }
  std::string judge(bool) {
    if (early) return "it was joined before its end";
    go.store(1);
    process.join();
    return process.exitcode() == 7 ? "" : "its exit code is lost";
  }
  ipc::RawValue<int> go;
  bool early = false;
  ipc::Process process{[this] {
    while (go.load() == 0) std::this_thread::yield();
    ::_exit(7);
  }};
};

TEST(EachSystemCallFails, OfJoinAndTheExitCodeIsStillThere) {
  expect_told(fail_each_system_call<Join>(), {"waitid"});
}

// Destructors throw nothing.
struct End {
  End() { process->start(); }
  void run() { process.reset(); }
  std::string judge(bool succeeded) { return succeeded ? "" : "it throws"; }
  std::optional<ipc::Process> process{std::in_place, [] {}};
};

TEST(EachSystemCallFails, OfADestructorWhichWaitsForTheEnd) {
  expect_told(fail_each_system_call<End>(), {"waitid"});
}

struct Kill {
  Kill() { process.start(); }
  void run() {
    process.kill();
    process.join();
  }
  std::string judge(bool) {
    process.kill();
    process.join();
    return process.exitcode() == -SIGKILL ? "" : "it was not killed";
  }
  ipc::Process process{[] {
    for (;;) ::pause();
  }};
};

TEST(EachSystemCallFails, OfKill) {
  expect_told(fail_each_system_call<Kill>(), {"pidfd_send_signal"});
}

const std::string& text() {
  static const std::string text(1000, 't');
  return text;
}

struct WholeRun {
  void run() {
    out = ::weft::run({"/bin/cat"}, {.input = text(), .capture_output = true}).out.value();
  }
  std::string judge(bool succeeded) {
    if (succeeded && out != text()) return "what it wrote is not whole";
    run();
    return out == text() ? "" : "the next one's is not whole";
  }
  std::string out;
};

TEST(EachSystemCallFails, OfRunAndTheOutputIsWhole) {
  expect_told(fail_each_system_call<WholeRun>(), {"pipe2", "poll", "read", "write", "pidfd_open"});
}

// The program is found in PATH, descriptors are given to it, and the standard error is a file.
struct Program {
  void run() {
    StartOptions options;
    options.in = Redirect::null();
    options.out = Redirect::pipe();
    options.err = Redirect::to_stdout();
    options.pass_fds = {passed};
    Popen echo({"ls", "/proc/self/fd"}, options);
    out = echo.communicate().out.value();
    code = echo.wait();
  }
  std::string judge(bool succeeded) {
    if (succeeded && code != 0) return "its code is " + std::to_string(code);
    const std::string first = out;
    run();
    return !succeeded || first == out ? "" : "it had other descriptors: " + first + "/ " + out;
  }
  ~Program() {
    (void)::close(passed);
    (void)::close(not_passed);
  }
  int not_passed = ::dup(2);
  int passed = ::dup(2);
  std::string out;
  int code = 0;
};

TEST(EachSystemCallFails, OfAProgramsStartAndItHasTheDescriptorsItWasGiven) {
  expect_told(fail_each_system_call<Program>(), {"openat", "getdents64", "pipe2", "pidfd_open"});
}

// The time is over, and the program is killed; one that cannot be is waited for.
struct RunTooLong {
  void run() {
    try {
      (void)::weft::run({"/bin/sleep", "1"}, {.capture_output = true, .timeout = 5ms});
    } catch (const TimeoutExpired&) {
      told = true;
    }
  }
  std::string judge(bool succeeded) { return succeeded && !told ? "nobody is told" : ""; }
  bool told = false;
};

TEST(EachSystemCallFails, OfARunThatTakesTooLong) {
  expect_told(fail_each_system_call<RunTooLong>(), {"poll", "pidfd_send_signal"});
}

struct Exchange {
  void run() {
    Popen cat({"/bin/cat"}, {.in = Redirect::pipe(), .out = Redirect::pipe()});
    out = cat.communicate(text()).out.value();
  }
  std::string judge(bool) { return out == text() ? "" : "it is not whole"; }
  std::string out;
};

TEST(EachTransferIsOfOneByte, ByTheProgramsPipes) {
  const Failures pieces = transfer_one_byte_at_a_time<Exchange>();
  EXPECT_GE(pieces.calls.at("write"), 999);
  EXPECT_GE(pieces.calls.at("read"), 999);
  expect_told(pieces, {"read", "write"});
}

}  // namespace
}  // namespace weft::fault
