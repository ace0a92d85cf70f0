// How another program is started, and what it gets from its caller.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "primitives/process/popen.h"
#include "primitives/process/run.h"
#include "stress/process/subprocess_for_test.h"

namespace weft {
namespace {

// The path that is at fault, and why.
struct Failure {
  std::string what;
  std::error_code code;
};
Failure failure_of(const Arguments& args, const StartOptions& options = {}) {
  try {
    Popen process(args, options);
  } catch (const StartError& error) {
    return {error.what(), error.code()};
  }
  return {"no error", {}};
}

TEST_F(Subprocess, ThatCannotBeStartedSaysWhy) {
  const Failure missing = failure_of({"/no/such/program"});
  EXPECT_EQ(missing.code, std::errc::no_such_file_or_directory);
  EXPECT_NE(missing.what.find("'/no/such/program'"), std::string::npos) << missing.what;
  EXPECT_EQ(failure_of({"no-such-program-on-the-path"}).code, std::errc::no_such_file_or_directory);

  const Failure folder = failure_of({"/bin/true"}, {.cwd = "/no/such/folder"});
  EXPECT_EQ(folder.code, std::errc::no_such_file_or_directory);
  EXPECT_NE(folder.what.find("'/no/such/folder'"), std::string::npos) << folder.what;

  const Failure input = failure_of({"/bin/true"}, {.in = Redirect::file("/no/such/input")});
  EXPECT_EQ(input.code, std::errc::no_such_file_or_directory);
  EXPECT_NE(input.what.find("'/no/such/input'"), std::string::npos) << input.what;

  const std::string text = temporary("text");
  std::ofstream(text) << "no program\n";
  EXPECT_EQ(failure_of({text}).code, std::errc::permission_denied);
  ::chmod(text.c_str(), 0755);
  EXPECT_EQ(failure_of({text}).code, std::errc::executable_format_error);
  EXPECT_EQ(failure_of({"/bin/true", std::string(4 << 20, 'x')}).code,
            std::errc::argument_list_too_long);
}

TEST_F(Subprocess, ThatFindsNoDescriptorsLeftLeavesNone) {
  rlimit before;
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit few{.rlim_cur = static_cast<rlim_t>(*open_descriptors().rbegin()) + 3,
                   .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  const Failure failure = failure_of(
      {"/bin/true"}, {.in = Redirect::pipe(), .out = Redirect::pipe(), .err = Redirect::pipe()});
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(failure.code, std::errc::too_many_files_open) << failure.what;
}

TEST_F(Subprocess, RefusesWhatMakesNoSense) {
  EXPECT_THROW(Popen({}), ValueError);
  EXPECT_THROW(Popen({""}), ValueError);
  EXPECT_THROW(Popen({std::string("a\0b", 3)}), ValueError);
  EXPECT_THROW(Popen({"true"}, {.out = Redirect::to_stdout()}), ValueError);
  EXPECT_THROW(Popen({"true"}, {.env = {{{"A=B", "c"}}}}), ValueError);
  EXPECT_THROW(run({"cat"}, {.start = {.in = Redirect::null()}, .input = "x"}), ValueError);
  EXPECT_THROW(run({"cat"}, {.start = {.in = Redirect::pipe()}}), ValueError);
  EXPECT_THROW(run({"cat"}, {.start = {.out = Redirect::null()}, .capture_output = true}),
               ValueError);
  Popen process({"true"});
  EXPECT_THROW(process.communicate("input"), ValueError);
  EXPECT_THROW(process.kill_group(), ValueError);
}

TEST_F(Subprocess, RunsInItsFolderWithItsEnvironment) {
  EXPECT_EQ(shell("pwd", {.start = {.cwd = "/"}}).out, "/\n");
  EXPECT_EQ(run({"/usr/bin/env"},
                {.start = {.env = {{{"ONE", "1"}, {"TWO", ""}}}}, .capture_output = true})
                .out,
            "ONE=1\nTWO=\n");
  // The program is looked for in the path that it gets.
  EXPECT_EQ(failure_of({"true"}, {.env = {{{"PATH", "/no/such/folder"}}}}).code,
            std::errc::no_such_file_or_directory);
}

TEST_F(Subprocess, RedirectsToFilesNullAndEachOther) {
  const std::string in = temporary("in"), out = temporary("out");
  std::ofstream(in) << "from a file";
  (void)run({"cat"}, {.start = {.in = Redirect::file(in), .out = Redirect::file(out)}});
  EXPECT_EQ(content(out), "from a file");
  (void)run_shell("printf a; printf b >&2",
                  {.start = {.out = Redirect::file(out), .err = Redirect::to_stdout()}});
  EXPECT_EQ(content(out), "ab");
  EXPECT_EQ(run({"cat"}, {.start = {.in = Redirect::null(), .out = Redirect::pipe()}}).out, "");
  const int fd = ::open(in.c_str(), O_RDONLY | O_CLOEXEC);
  EXPECT_EQ(run({"cat"}, {.start = {.in = Redirect::descriptor(fd), .out = Redirect::pipe()}}).out,
            "from a file");
  ::close(fd);
}

TEST_F(Subprocess, SeesNoOtherDescriptors) {
  const int kept = ::open("/dev/null", O_RDONLY);  // without close-on-exec
  const int passed = ::fcntl(kept, F_DUPFD_CLOEXEC, 20);
  const int above = ::fcntl(kept, F_DUPFD, 40);
  EXPECT_EQ(shell("ls /proc/$$/fd", {}).out, shell("exec 2>&1; echo 0; echo 1; echo 2").out);
  const CompletedProcess done = shell("ls /proc/$$/fd", {.start = {.pass_fds = {passed}}});
  EXPECT_EQ(done.out, "0\n1\n2\n" + std::to_string(passed) + "\n");
  for (const int fd : {kept, passed, above}) ::close(fd);
}

TEST_F(Subprocess, BlocksAndIgnoresNoSignals) {
  sigset_t some, before;
  ::sigemptyset(&some);
  ::sigaddset(&some, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &some, &before);
  struct sigaction ignore{}, was{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGUSR1, &ignore, &was);
  // No shell: it would unblock them itself.
  const CompletedProcess done =
      run({"grep", "-E", "SigBlk|SigIgn", "/proc/self/status"}, {.capture_output = true});
  ::sigaction(SIGUSR1, &was, nullptr);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  std::istringstream words(*done.out);
  std::string blocked_name, ignored_name;
  std::uint64_t blocked = 1, ignored = 1;
  words >> blocked_name >> std::hex >> blocked >> ignored_name >> ignored;
  EXPECT_EQ(blocked, 0u) << *done.out;
  // 32 and 33 are glibc's own, and its posix_spawn leaves them ignored.
  EXPECT_EQ(ignored & ~(std::uint64_t{3} << 31), 0u) << *done.out;
}

// The rest of what it inherits: the umask, the limits and the folder, and the environment.
TEST_F(Subprocess, InheritsTheUmaskTheLimitsAndTheFolder) {
  const mode_t mask = ::umask(027);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_CORE, &before), 0);
  const rlimit other{.rlim_cur = 0, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_CORE, &other), 0);
  const std::string folder = std::filesystem::current_path();
  ::setenv("WEFT_START_TEST", "inherited", 1);
  const CompletedProcess done = shell("umask; ulimit -c; pwd; printf $WEFT_START_TEST");
  ::unsetenv("WEFT_START_TEST");
  (void)::umask(mask);
  ASSERT_EQ(::setrlimit(RLIMIT_CORE, &before), 0);
  EXPECT_EQ(done.out, "0027\n0\n" + folder + "\ninherited");
}

TEST_F(Subprocess, CountsAsZeroWhereTheCallerIgnoresTheEndsOfChildren) {
  struct sigaction ignore{}, was{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGCHLD, &ignore, &was);
  EXPECT_EQ(shell("printf x; exit 3").returncode, 0);
  // Some have ended before they can be looked at.
  for (int i = 0; i < 200; ++i) {
    Popen process({"true"});
    process.terminate();
    EXPECT_EQ(process.wait(), 0);
  }
  ::sigaction(SIGCHLD, &was, nullptr);
}

// The caller has closed standard streams of its own, in each combination: what it starts gets the
// right ones all the same.
TEST_F(Subprocess, GetsItsStreamsAlsoFromACallerWithoutSome) {
  for (int closed = 0; closed < 8; ++closed) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      for (int fd = 0; fd < 3; ++fd) {
        if (closed & (1 << fd)) ::close(fd);
      }
      const CompletedProcess done =
          run({"/bin/sh", "-c", "cat; printf err >&2"}, {.input = "in", .capture_output = true});
      const CompletedProcess alone = run(
          {"/bin/sh", "-c", "printf err >&2"},
          {.start = {.in = Redirect::null(), .out = Redirect::null(), .err = Redirect::pipe()}});
      ::_exit(done.out == "in" && done.err == "err" && alone.err == "err" ? 0 : 1);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0) << "closed: " << closed;
  }
}

TEST_F(Subprocess, StartsFromManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  std::vector<std::string> outputs(8);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 5; ++round) {
        outputs[i] = run({"cat"}, {.input = std::to_string(i), .capture_output = true}).out.value();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < outputs.size(); ++i) EXPECT_EQ(outputs[i], std::to_string(i));
}

}  // namespace
}  // namespace weft
