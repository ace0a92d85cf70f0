// Another program fed, read and ended, as primitives/process promises.
#include "primitives/process/run.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "primitives/base/deadline.h"
#include "primitives/process/popen.h"
#include "stress/process/subprocess_for_test.h"

namespace weft {
namespace {

using namespace std::chrono_literals;

using Clock = std::chrono::steady_clock;

TEST_F(Subprocess, GivesOutputsAndReturnCode) {
  const CompletedProcess done = shell("printf out; printf err >&2; exit 3");
  EXPECT_EQ(done.returncode, 3);
  EXPECT_EQ(done.out, "out");
  EXPECT_EQ(done.err, "err");
}

TEST_F(Subprocess, HasNoOutputOfStreamsThatWereNotCaptured) {
  const CompletedProcess done = run({"true"});
  EXPECT_EQ(done.returncode, 0);
  EXPECT_EQ(done.out, std::nullopt);
  EXPECT_EQ(done.err, std::nullopt);
}

TEST_F(Subprocess, TellsTheSignalThatEndedIt) {
  EXPECT_EQ(shell("kill -9 $$").returncode, -SIGKILL);
  EXPECT_EQ(shell("kill -15 $$").returncode, -SIGTERM);
}

TEST_F(Subprocess, TakesArgumentsAsTheyAre) {
  const std::string odd = "a b; $HOME '\"*\n";
  EXPECT_EQ(run({"printf", "%s", odd}, {.capture_output = true}).out, odd);
}

TEST_F(Subprocess, ReadsAllOfBothOutputs) {
  const std::string much = std::to_string(kMuch);
  const CompletedProcess done =
      shell("head -c " + much + " /dev/zero & head -c " + much + " /dev/zero >&2; wait");
  EXPECT_EQ(done.out->size(), kMuch);
  EXPECT_EQ(done.err->size(), kMuch);
}

TEST_F(Subprocess, SendsAndReadsAtOnceWhateverTheSize) {
  std::string input(kMuch, 'x');
  for (std::size_t i = 0; i < input.size(); i += 1000) input[i] = static_cast<char>('a' + i % 26);
  EXPECT_EQ(run({"cat"}, {.input = input, .capture_output = true}).out, input);
}

TEST_F(Subprocess, ThatDoesNotReadIsNoError) {
  const std::string input(kMuch, 'x');
  EXPECT_EQ(run({"true"}, {.input = input, .capture_output = true}).returncode, 0);
}

TEST_F(Subprocess, WithoutInputGetsTheEndOfItAtOnce) {
  EXPECT_EQ(run({"cat"}, {.input = "", .capture_output = true}).out, "");
}

TEST_F(Subprocess, ChecksTheReturnCodeIfAsked) {
  try {
    shell("printf lost; kill -11 $$", {.check = true});
    FAIL() << "no exception";
  } catch (const CalledProcessError& error) {
    EXPECT_EQ(error.returncode, -SIGSEGV);
    EXPECT_EQ(error.out, "lost");
    EXPECT_EQ(error.args.at(0), "/bin/sh");
    EXPECT_NE(std::string(error.what()).find("signal 11 (SIGSEGV)"), std::string::npos);
  }
}

TEST_F(Subprocess, IsKilledAfterItsTimeAndWhatItWroteIsThere) {
  const auto began = Clock::now();
  try {
    shell("printf some; exec sleep 60", {.timeout = 200ms});
    FAIL() << "no exception";
  } catch (const TimeoutExpired& error) {
    EXPECT_EQ(error.out, "some");
    EXPECT_EQ(error.err, "");
  }
  EXPECT_LT(Clock::now() - began, 20s);
}

TEST_F(Subprocess, IsOverInTimeAlsoIfAGrandchildHoldsTheOutput) {
  const auto began = Clock::now();
  EXPECT_THROW(
      shell("sleep 60 & printf some; wait", {.start = {.new_group = true}, .timeout = 200ms}),
      TimeoutExpired);
  EXPECT_LT(Clock::now() - began, 20s);
}

// It is no part of a group that is killed, and lives on. As much time as it takes to write
// something.
TEST_F(Subprocess, IsOverInTimeWithWhatItWroteThoughAGrandchildHoldsTheOutput) {
  const std::string path = temporary("holder");
  for (auto timeout = 200ms;; timeout *= 2) {
    const auto began = Clock::now();
    try {
      shell("sleep 600 & echo $! > " + path + "; printf some; wait", {.timeout = timeout});
      FAIL() << "no exception";
    } catch (const TimeoutExpired& error) {
      EXPECT_LT(Clock::now() - began, timeout + 20s) << "the grandchild was waited for";
      if (error.out != "some" && timeout < 20s) continue;
      EXPECT_EQ(error.out, "some");
    }
    const pid_t holder = std::stoi(content(path));
    EXPECT_EQ(::kill(holder, SIGKILL), 0) << "it holds the output no more";
    return;
  }
}

TEST_F(Subprocess, TakesItsGroupAlong) {
  const std::string path = temporary("grandchild");
  EXPECT_THROW(shell("sleep 60 & echo $! > " + path + "; wait",
                     {.start = {.new_group = true}, .timeout = 300ms}),
               TimeoutExpired);
  const pid_t grandchild = std::stoi(content(path));
  // Its new parent waits for it some time.
  const auto until = Clock::now() + 20s;
  const auto lives = [&] {
    std::string name, state;
    std::ifstream stat("/proc/" + std::to_string(grandchild) + "/stat");
    std::string number;
    stat >> number >> name >> state;
    return stat && state != "Z";
  };
  while (lives() && Clock::now() < until) std::this_thread::yield();
  EXPECT_FALSE(lives());
}

TEST_F(Subprocess, ThatWritesForEverIsCutOff) {
  try {
    run({"yes"}, {.capture_output = true, .output_limit = 100'000});
    FAIL() << "no exception";
  } catch (const OutputTooLong& error) {
    EXPECT_EQ(error.out->size(), 100'000u);
  }
  // Just as much is not too much.
  EXPECT_EQ(run({"printf", "12345"}, {.capture_output = true, .output_limit = 5}).out, "12345");
}

TEST_F(Subprocess, SendsNoSignalAboutAPipeToItsCaller) {
  struct sigaction by_default{}, was{};
  by_default.sa_handler = SIG_DFL;  // SIGPIPE would end this process
  ::sigaction(SIGPIPE, &by_default, &was);
  EXPECT_EQ(run({"true"}, {.input = std::string(kMuch, 'x')}).returncode, 0);
  sigset_t pending;
  ::sigpending(&pending);
  EXPECT_EQ(::sigismember(&pending, SIGPIPE), 0);
  ::sigaction(SIGPIPE, &was, nullptr);
}

TEST_F(Subprocess, CanBeAskedAgainAfterATimeOutAndLosesNothing) {
  Popen process({"/bin/sh", "-c", "printf a; read line; printf $line; sleep 0.3; printf c"},
                {.in = Redirect::pipe(), .out = Redirect::pipe()});
  try {
    process.communicate_for(100ms, "b\n");
    FAIL() << "no exception";
  } catch (const TimeoutExpired& error) {
    EXPECT_EQ(error.out->substr(0, 2), std::string("ab").substr(0, error.out->size()));
  }
  EXPECT_THROW(process.communicate("more"), ValueError);
  EXPECT_EQ(process.communicate().out, "abc");
}

TEST_F(Subprocess, GivesItsEndsOfThePipes) {
  Popen process({"/bin/sh", "-c", "printf wrong >&2; read line"},
                {.in = Redirect::pipe(), .err = Redirect::pipe()});
  EXPECT_GE(process.in(), 0);
  EXPECT_EQ(process.out(), -1) << "it is inherited";
  pollfd readable{.fd = process.err(), .events = POLLIN, .revents = 0};
  ASSERT_EQ(::poll(&readable, 1, -1), 1);
  char said[8] = {};
  EXPECT_EQ(::read(process.err(), said, sizeof said), 5);
  EXPECT_STREQ(said, "wrong");
  process.close_in();
  EXPECT_EQ(process.in(), -1);
  (void)process.communicate_until(Deadline::after(1h));
  EXPECT_EQ(process.wait(), 1) << "there was no line to read";
}

TEST_F(Subprocess, CanBePolledAndWaitedForByManyThreads) {
  Popen process({"cat"}, {.in = Redirect::pipe()});
  EXPECT_EQ(process.poll(), std::nullopt);
  EXPECT_THROW(process.wait_for(1ms), TimeoutExpired);
  std::vector<std::thread> threads;
  std::vector<int> returncodes(4, -1);
  for (int& returncode : returncodes) threads.emplace_back([&] { returncode = process.wait(); });
  process.close_in();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(returncodes, std::vector<int>(4, 0));
  EXPECT_EQ(process.poll(), 0);
}

TEST_F(Subprocess, IsSignalledOnlyWhileItLives) {
  Popen process({"sleep", "60"});
  process.terminate();
  EXPECT_EQ(process.wait(), -SIGTERM);
  process.kill();  // nothing
  EXPECT_EQ(process.poll(), -SIGTERM);
}

TEST_F(Subprocess, IsWaitedForByItsDestructor) {
  pid_t pid = 0;
  {
    Popen process({"cat"}, {.in = Redirect::pipe()});
    pid = process.pid();
  }
  EXPECT_EQ(::kill(pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

}  // namespace
}  // namespace weft
