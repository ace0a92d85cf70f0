// A Process that cannot be started, and one in a program that gets in its way.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/process/fork.h"
#include "primitives/process/process.h"
#include "primitives/process/wait.h"
#include "stress/process/process_for_test.h"

namespace weft::ipc {
namespace {

#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
constexpr int kMany = 100;  // each fork copies a sanitizer's tables, too
#else
constexpr int kMany = 10'000;
#endif

std::error_code error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::system_error& error) {
    return error.code();
  }
  return {};
}

// Of a thread: 'S' for asleep.
char state_of(pid_t thread) {
  const std::string text = content("/proc/self/task/" + std::to_string(thread) + "/stat");
  const std::size_t name_end = text.rfind(')');
  return name_end == text.npos ? '?' : text.at(name_end + 2);
}

class OtherFork {
 public:
  explicit OtherFork(internal::ForkFunction fork) { internal::fork_function = fork; }
  ~OtherFork() { internal::fork_function = ::fork; }
};

TEST_F(Processes, WithoutAProcessToBeHadIsNotStarted) {
  const Shared<std::atomic<int>> runs;
  Process first([&] { live_until_killed(); });
  first.start();
  const Channel finish;
  Process process({.name = "philosopher"}, [&] {
    runs->fetch_add(1);
    finish.receive();
  });
  {
    const OtherFork fork([]() -> pid_t {
      errno = EAGAIN;
      return -1;
    });
    const auto before = open_descriptors();
    try {
      process.start();
      FAIL() << "no error";
    } catch (const StartError& error) {
      EXPECT_EQ(error.code(), std::errc::resource_unavailable_try_again);
      EXPECT_EQ(std::string(error.what()),
                "Process::start: cannot start 'philosopher': Resource temporarily unavailable");
    }
    EXPECT_EQ(open_descriptors(), before);
    EXPECT_FALSE(process.is_alive());
    EXPECT_EQ(process.pid(), 0);
    EXPECT_EQ(process.exitcode(), std::nullopt);
    EXPECT_THROW(process.join(), RuntimeError);
    EXPECT_EQ(active_children().size(), 1U);
  }
  EXPECT_TRUE(first.is_alive());
  first.kill();
  first.join();
  EXPECT_EQ(first.exitcode(), -SIGKILL);
  process.start();  // it is as before
  EXPECT_EQ(active_children().size(), 1U);
  finish.send(0);
  process.join();
  EXPECT_EQ(*runs, 1);
}

// With which so many descriptors can still be opened.
rlim_t limit_that_leaves(int free) {
  int fd = 0;
  for (; ::fcntl(fd, F_GETFD) >= 0 || free-- > 0; ++fd) {
  }
  return static_cast<rlim_t>(fd);
}

TEST_F(Processes, WithoutDescriptorsToBeHadIsNotStartedAndRunsNothing) {
  rlimit before;
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const Shared<std::atomic<int>> runs;
  int failures = 0;
  // With none, with one, with two, which are enough for the life-line and not for the sentinel.
  for (int free = 0; free < 3; ++free) {
    Process process([&] { runs->fetch_add(1); });
    const rlimit few{.rlim_cur = limit_that_leaves(free), .rlim_max = before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
    const std::error_code error = error_of([&] { process.start(); });
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_EQ(error, std::errc::too_many_files_open) << free;
    failures += error ? 1 : 0;
    EXPECT_FALSE(process.is_alive());
    EXPECT_FALSE(has_child()) << free;
  }
  EXPECT_EQ(failures, 3);
  EXPECT_EQ(*runs, 0);
}

// Each child uses the heap and the standard output, whose locks other threads hold now and then.
TEST_F(Processes, StartsWhileOtherThreadsUseTheHeapAndTheStreams) {
  const std::string path = temporary("log");
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  FILE* const log = std::fopen("/dev/null", "w");
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&stop, log] {
      std::size_t bytes = 1;
      while (!stop) {
        const std::unique_ptr<char[]> block(new char[bytes = bytes * 7 % 5'003]);
        block[0] = 'x';
        std::fprintf(log, "%c", block[0]);
        std::fprintf(stdout, "%s", "");
      }
    });
  }
  for (int i = 0; i < kMany; ++i) {
    Process process([i] {
      const std::string text(static_cast<std::size_t>(i % 5'003), 'x');
      std::fprintf(stdout, "%s", "");
      require(text.size() < 5'003);
    });
    process.start();
    process.join();
    ASSERT_EQ(process.exitcode(), 0) << i;
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();
  std::fclose(log);
}

TEST_F(Processes, LeaveNoZombieHoweverManyThereWere) {
  for (int i = 0; i < kMany; ++i) {
    Process process({.daemon = i % 2 == 0}, [] {});
    process.start();
    if (i % 4 == 1) process.kill();
  }
  while (!active_children().empty()) std::this_thread::yield();
  EXPECT_FALSE(has_child());
}

TEST_F(Processes, StartFromManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  constexpr int kThreads = 8, kRounds = 10;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&good, i] {
      for (int round = 0; round < kRounds; ++round) {
        Process process([i] { ::_exit(i); });
        process.start();
        process.join();
        if (process.exitcode() == i) good.fetch_add(1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, kThreads * kRounds);
}

// Each child but the first sees the descriptors of the test and its own life-line.
TEST_F(Processes, InheritNoDescriptorOfTheirSiblings) {
  const Channel count;
  const auto tell = [&] { count.send(static_cast<int>(open_descriptors().size())); };
  Process alone([&] { tell(); });
  alone.start();
  alone.join();
  alone.close();
  const int expected = count.receive();
  Process sibling([] { live_until_killed(); }),
      daemon({.daemon = true}, [] { live_until_killed(); });
  sibling.start();
  daemon.start();
  Process later([&] { tell(); });
  later.start();
  later.join();
  EXPECT_EQ(count.receive(), expected);
  sibling.kill();
  daemon.kill();
  daemon.join();
}

// Another thread starts one while this thread is between its preparations and its fork().
TEST_F(Processes, InheritNoDescriptorOfOneThatIsJustBeingStarted) {
  static const Channel* counts = nullptr;
  const Channel channel;
  counts = &channel;
  const auto tell = [] { counts->send(static_cast<int>(open_descriptors().size())); };
  Process alone(tell);
  alone.start();
  alone.join();
  alone.close();
  const int expected = channel.receive();
  Process late([] {});
  {
    const OtherFork fork([]() -> pid_t {
      std::thread([] {
        Process other([] { counts->send(static_cast<int>(open_descriptors().size())); });
        other.start();
        other.join();
      }).join();
      return ::fork();
    });
    late.start();
  }
  late.join();
  EXPECT_EQ(late.exitcode(), 0);
  EXPECT_EQ(channel.receive(), expected);
}

// What holds the lock of a file, and for how long, is its user's affair.
TEST_F(Processes, StartWhileAnotherThreadWaitsForInput) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  FILE* const input = ::fdopen(ends[0], "r");
  std::atomic<pid_t> reader{0};
  std::thread thread([&] {
    reader = static_cast<pid_t>(::syscall(SYS_gettid));
    EXPECT_EQ(std::fgetc(input), 'x');
  });
  // "S" is asleep: in fgetc(), whose lock it holds.
  while (reader == 0 || state_of(reader) != 'S') std::this_thread::yield();
  Process process([] {});
  process.start();
  process.join();
  EXPECT_EQ(process.exitcode(), 0);
  EXPECT_EQ(::write(ends[1], "x", 1), 1);
  thread.join();
  std::fclose(input);
  ::close(ends[1]);
}

TEST_F(Processes, SendNoSignalToWhoGotTheNumberLater) {
  Process process([] {}), looked([] {});
  process.start();
  looked.start();
  looked.join();
  const Channel to, from;
  const auto stranger = fork_with_number(looked.pid(), to, from);
  if (!stranger) {
    process.join();
    GTEST_SKIP() << "this system has more process numbers than can be used up here";
  }
  looked.kill();
  looked.terminate();
  EXPECT_FALSE(looked.is_alive());
  to.send(42);
  pollfd answer{.fd = from.reader(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(::poll(&answer, 1, 5'000), 1) << "the stranger was killed";
  // One that nobody has waited for yet keeps its number.
  (void)wait({process.sentinel()});
  EXPECT_EQ(::kill(process.pid(), 0), 0);
  process.kill();
  process.join();
  EXPECT_EQ(process.exitcode(), 0) << "it had ended before";
  ::kill(*stranger, SIGKILL);
  EXPECT_EQ(::waitpid(*stranger, nullptr, 0), *stranger);
}

// Once somebody has seen its end, nobody who asks later sees it alive, whoever waits for it.
TEST_F(Processes, HaveOneEndForAllThreadsThatAsk) {
  constexpr int kRounds = 20;
  for (int round = 0; round < kRounds; ++round) {
    Process process([] { ::_exit(7); });
    process.start();
    std::atomic<bool> seen{false};
    std::atomic<int> wrong{0};
    const auto ask = [&](const std::function<bool()>& ended) {
      for (;;) {
        const bool before = seen;
        const bool now = ended();
        if (before && !now) wrong.fetch_add(1);
        if (now) seen = true;
        if (before) return;
        std::this_thread::yield();
      }
    };
    std::vector<std::thread> threads;
    threads.emplace_back(ask, [&] { return !process.is_alive(); });
    threads.emplace_back(ask, [&] { return process.exitcode() == 7; });
    threads.emplace_back(ask, [&] { return process.join_for(std::chrono::seconds(0)); });
    threads.emplace_back(ask, [&] { return active_children().empty(); });
    process.join();
    seen = true;
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(wrong, 0);
  }
}

class SignalAction {
 public:
  explicit SignalAction(void (*handler)(int)) {
    struct sigaction action{};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGCHLD, &action, &before_);
  }
  ~SignalAction() { ::sigaction(SIGCHLD, &before_, nullptr); }

 private:
  struct sigaction before_{};
};

// A program that ignores the ends of its children, and one that waits for any child.
TEST_F(Processes, TellTheirExitCodeAlsoIfTheProgramTakesItFromTheKernel) {
  for (void (*handler)(int) : {SIG_IGN, +[](int) {
                                 const int error = errno;
                                 while (::waitpid(-1, nullptr, WNOHANG) > 0) {
                                 }
                                 errno = error;
                               }}) {
    const SignalAction action(handler);
    for (int i = 0; i < 20; ++i) {
      Process process([i] { std::exit(i); });
      process.start();
      process.join();
      EXPECT_EQ(process.exitcode(), i);
      EXPECT_FALSE(process.is_alive());
      process.kill();
    }
    Process process({.name = "killed"}, [] { live_until_killed(); });
    process.start();
    EXPECT_TRUE(process.is_alive());
    EXPECT_EQ(process.exitcode(), std::nullopt);
    process.kill();
    process.join();
    EXPECT_FALSE(process.is_alive());
    try {
      // The handler may run later than the join sees the end.
      EXPECT_EQ(process.exitcode(), -SIGKILL);
      EXPECT_NE(handler, SIG_IGN);
    } catch (const RuntimeError& error) {
      EXPECT_NE(std::string(error.what()).find("'killed' was ended by a signal"),
                std::string::npos);
    }
  }
}

}  // namespace
}  // namespace weft::ipc
