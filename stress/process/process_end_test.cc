// How a Process ends: by itself, by a signal, with its parent.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/process/fork.h"
#include "primitives/process/process.h"
#include "stress/process/process_for_test.h"

namespace weft::ipc {
namespace {

using namespace std::chrono_literals;

int exitcode_of(const std::function<void()>& function) {
  Process process(function);
  process.start();
  process.join();
  return process.exitcode().value();
}

// What a child writes while `function` runs in it, and what its own children do.
struct Written {
  std::string out, err;
  int exitcode;
};
Written written_by(const std::function<void()>& function) {
  const std::string out = temporary("out"), err = temporary("err");
  const int code = exitcode_of([&] {
    require(std::freopen(out.c_str(), "w", stdout) && std::freopen(err.c_str(), "w", stderr));
    function();
  });
  Written written{content(out), content(err), code};
  ::unlink(out.c_str());
  ::unlink(err.c_str());
  return written;
}

TEST_F(Processes, TellsItsExitCode) {
  EXPECT_EQ(exitcode_of([] {}), 0);
  EXPECT_EQ(exitcode_of([] { std::exit(3); }), 3);
  EXPECT_EQ(exitcode_of([] { std::exit(256 + 4); }), 4) << "of which eight bits are kept";
  EXPECT_EQ(exitcode_of([] { std::exit(-1); }), 255);
  EXPECT_EQ(exitcode_of([] { ::_exit(5); }), 5);
}

TEST_F(Processes, TellsTheSignalThatEndedIt) {
  Process process([] { live_until_killed(); });
  process.start();
  process.kill();
  process.join();
  EXPECT_EQ(process.exitcode(), -SIGKILL);
  process.kill();
  process.terminate();  // nothing happens
  EXPECT_EQ(exitcode_of([] {
              (void)::signal(SIGTERM, SIG_DFL);
              (void)::raise(SIGTERM);
            }),
            -SIGTERM);
}

TEST_F(Processes, TerminateAndInterruptAreSignalsThatCanBeHandled) {
  for (const int signal : {SIGTERM, SIGINT}) {
    const Channel ready;
    Process process([&] {
      (void)::signal(signal, [](int number) { ::_exit(number); });
      ready.send(0);
      for (;;) ::pause();
    });
    process.start();
    ready.receive();
    signal == SIGTERM ? process.terminate() : process.interrupt();
    process.join();
    EXPECT_EQ(process.exitcode(), signal);
  }
}

TEST_F(Processes, AnExceptionIsALineAndTheExitCodeOne) {
  Written written = written_by([] { throw std::runtime_error("no luck"); });
  EXPECT_EQ(written.exitcode, 1);
  EXPECT_TRUE(written.err.starts_with("Exception in process Process-")) << written.err;
  EXPECT_TRUE(written.err.ends_with(": no luck\n")) << written.err;
  written = written_by([] { throw 5; });
  EXPECT_EQ(written.exitcode, 1);
  EXPECT_TRUE(written.err.ends_with(": not a std::exception\n")) << written.err;
}

struct Tells {
  std::string what;
  ~Tells() { (void)!::write(STDOUT_FILENO, what.data(), what.size()); }
};

// Neither what the function holds a copy of, nor its arguments: both are the parent's to destroy.
TEST_F(Processes, LeavesWhatItWasGivenToItsParent) {
  const Written written = written_by([] {
    auto held = std::make_shared<Tells>("held,");
    auto given = std::make_shared<Tells>("given,");
    Process inner([held](const std::shared_ptr<Tells>&) {}, given);
    held.reset();
    given.reset();
    inner.start();
    inner.join();
    require(inner.exitcode() == 0);
    (void)!::write(STDOUT_FILENO, "parent:", 7);
  });
  // The outer process is left by _exit(), too, but destroys what is in its function's frame.
  EXPECT_TRUE(written.out.starts_with("parent:")) << written.out;
  EXPECT_EQ(written.out.size(), std::string("parent:held,given,").size()) << written.out;
}

TEST_F(Processes, NeverUnwindsTheFramesOfItsParent) {
  const auto child = [](void (*end)()) {
    return written_by([end] {
      const Tells frame{"parent"};
      static thread_local std::unique_ptr<Tells> tells;
      tells = std::make_unique<Tells>("thread_local,");
      (void)std::atexit([] { (void)!::write(STDOUT_FILENO, "atexit", 6); });
      Process inner([end] {
        const Tells own{"own,"};
        if (end) {
          (void)std::atexit([] { (void)!::write(STDOUT_FILENO, "own-atexit,", 11); });
          end();
        }
      });
      inner.start();
      inner.join();
      ::_exit(0);
    });
  };
  EXPECT_EQ(child(nullptr).out, "own,");
  EXPECT_EQ(child([] { std::exit(0); }).out, "thread_local,own-atexit,")
      << "exit() is called in a thread, whose own it destroys";
  EXPECT_EQ(child([] { throw 1; }).out, "own,");
}

TEST_F(Processes, WritesEachBufferOnceAndInOrder) {
  for (const bool synchronized : {true, false}) {
    const Written written = written_by([synchronized] {
      std::ios::sync_with_stdio(synchronized);
      std::printf("one ");
      std::fflush(synchronized ? nullptr : stdout);
      std::cout << "two ";
      Process inner([] {
        std::cout << "three ";
        std::cout.flush();
        std::printf("four ");
      });
      inner.start();
      inner.join();
      std::printf("five");
    });
    EXPECT_EQ(written.out, "one two three four five");
  }
}

// As another thread may that writes while this one starts a process.
TEST_F(Processes, LeavesWhatIsWrittenMeanwhileToItsParent) {
  const Written written = written_by([] {
    internal::fork_function = [] {
      std::printf("once");
      return ::fork();
    };
    Process inner([] { std::printf("child, "); });
    inner.start();
    inner.join();
  });
  EXPECT_EQ(written.out, "child, once");
}

// A file of its parent's that holds something unwritten: only its owner writes that.
TEST_F(Processes, LeavesBuffersOfOtherFilesToItsParent) {
  const std::string path = temporary("file");
  FILE* const file = std::fopen(path.c_str(), "w");
  std::fprintf(file, "once");
  EXPECT_EQ(exitcode_of([] {}), 0);
  EXPECT_EQ(exitcode_of([] { std::exit(0); }), 0);
  std::fclose(file);
  EXPECT_EQ(content(path), "once");
  ::unlink(path.c_str());
}

TEST_F(Processes, DaemonIsInheritedAndSetBeforeTheStart) {
  Process process([] {
    Process child([] {});
    require(child.daemon());
    child.set_daemon(false);
    require(message_of<RuntimeError>([&] {
              child.start();
            }).ends_with("is no daemon, and would outlive this one"));
    child.set_daemon(true);
    child.start();
    child.join();
    require(child.exitcode() == 0);
  });
  EXPECT_FALSE(process.daemon());
  process.set_daemon(true);
  process.start();
  EXPECT_THROW(process.set_daemon(false), RuntimeError);
  process.join();
  EXPECT_EQ(process.exitcode(), 0);
}

// Both ways to end, and by both kinds of ends.
TEST_F(Processes, ItsDaemonsEndWithItAndTheOthersAreWaitedFor) {
  for (const bool by_exit : {false, true}) {
    const Orphans orphans;
    const Channel ready, running, finish;
    const Shared<std::atomic<bool>> done;
    Process parent([&] {
      (void)::signal(SIGTERM, SIG_DFL);
      auto* const daemon = new Process({.daemon = true}, [] { live_until_killed(); });
      auto* const stubborn = new Process({.daemon = true}, [&] {
        (void)::signal(SIGTERM, SIG_IGN);
        ready.send(0);
        for (;;) ::pause();
      });
      auto* const other = new Process([&] {
        finish.receive();
        *done = true;
      });
      daemon->start();
      stubborn->start();
      other->start();
      ready.receive();
      running.send(0);
      if (by_exit) std::exit(0);
    });
    parent.start();
    running.receive();
    EXPECT_FALSE(parent.join_for(20ms)) << "the third has not ended";
    finish.send(0);
    parent.join();
    EXPECT_EQ(parent.exitcode(), 0);
    EXPECT_TRUE(*done);
    EXPECT_FALSE(has_child()) << "none is left to this process";
  }
}

// The same for a process that is no child of this library: at exit(), or a return from main().
TEST_F(Processes, AnyProgramsDaemonsEndWithIt) {
  const Orphans orphans;
  const Shared<std::atomic<bool>> handled;
  const pid_t program = ::fork();
  ASSERT_GE(program, 0);
  if (program == 0) {
    const Channel ready;
    Process daemon({.daemon = true}, [&] {
      static std::atomic<bool>* const seen = &*handled;
      (void)::signal(SIGTERM, [](int) {
        *seen = true;
        ::_exit(0);
      });
      ready.send(0);
      for (;;) ::pause();
    });
    daemon.start();
    ready.receive();
    std::exit(6);
  }
  EXPECT_EQ(Orphans::wait_for(program), 6);
  EXPECT_TRUE(*handled) << "a daemon is asked before it is killed";
  EXPECT_FALSE(has_child());
}

// PR_SET_PDEATHSIG would end it with the thread that started it.
TEST_F(Processes, ADaemonOutlivesTheThreadThatStartedItAndNotTheProcess) {
  const Orphans orphans;
  const Channel begun, to, from;
  Process parent([&] {
    Process daemon({.daemon = true}, [&] {
      begun.send(0);
      from.send(::getpid());
      from.send(to.receive() + 1);
      live_until_killed();
    });
    // The daemon has but the thread that starts it, which may so be any.
    std::thread([&] {
      daemon.start();
      begun.receive();
    }).join();
    live_until_killed();
  });
  parent.start();
  const pid_t daemon = from.receive();
  to.send(41);
  EXPECT_EQ(from.receive(), 42) << "it lives";
  parent.kill();
  parent.join();
  EXPECT_EQ(Orphans::wait_for(daemon), -SIGKILL);
}

// Whatever its siblings inherited: those made by the library, and by fork().
TEST_F(Processes, WhenTheParentIsKilledItsDaemonsEndAndTheOthersGoOn) {
  const Orphans orphans;
  const Channel pids, finish;
  Process parent([&] {
    Process first({.daemon = true}, [] { live_until_killed(); });
    Process second({.daemon = true}, [] { live_until_killed(); });
    Process other([&] { ::_exit(finish.receive()); });
    first.start();
    const pid_t foreign = ::fork();
    if (foreign == 0) ::_exit(finish.receive());
    second.start();
    other.start();
    for (const pid_t pid : {first.pid(), second.pid(), other.pid(), foreign}) pids.send(pid);
    live_until_killed();
  });
  parent.start();
  const pid_t first = pids.receive(), second = pids.receive(), other = pids.receive(),
              foreign = pids.receive();
  const auto begin = std::chrono::steady_clock::now();
  parent.kill();
  parent.join();  // now they are this process's
  EXPECT_EQ(Orphans::wait_for(first), -SIGKILL);
  EXPECT_EQ(Orphans::wait_for(second), -SIGKILL);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1s);
  finish.send(3);
  finish.send(3);
  EXPECT_EQ(Orphans::wait_for(other), 3);
  EXPECT_EQ(Orphans::wait_for(foreign), 3);
}

// As often as the moment may matter: while it starts, and just after.
TEST_F(Processes, ADaemonEndsAlsoWhenItsParentIsKilledWhileItStarts) {
  const Orphans orphans;
  constexpr int kRounds = 100;
  for (int round = 0; round < kRounds; ++round) {
    const Channel begin;
    Process parent([&] {
      Process daemon({.daemon = true}, [] { live_until_killed(); });
      begin.send(0);
      daemon.start();
      live_until_killed();
    });
    parent.start();
    begin.receive();
    for (int i = 0; i < round; ++i) (void)::getppid();  // a little later each time
    parent.kill();
    parent.join();
    // Hangs if a daemon lives on.
    while (::waitpid(-1, nullptr, 0) > 0) {
    }
  }
}

TEST_F(Processes, ADaemonMayOutliveItsObject) {
  const Channel to, from;
  pid_t pid = 0;
  {
    Process daemon({.name = "left", .daemon = true}, [&] { from.send(to.receive()); });
    daemon.start();
    pid = daemon.pid();
  }
  to.send(1);
  EXPECT_EQ(from.receive(), 1);
  siginfo_t info;
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(::kill(pid, 0), 0) << "nobody has waited for it";
  Process next([] {});
  next.start();
  EXPECT_NE(::kill(pid, 0), 0) << "the next start does";
}

}  // namespace
}  // namespace weft::ipc
