// Signals that come again and again, with a handler that does not let the kernel make the
// interrupted call again: each operation does what it should.
#include <errno.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/ipc/condition.h"
#include "primitives/ipc/lock.h"
#include "primitives/ipc/shared_memory.h"
#include "primitives/manager/manager.h"
#include "primitives/message/connection.h"
#include "primitives/message/queue.h"
#include "primitives/process/process.h"
#include "primitives/process/run.h"
#include "primitives/process_pool/process_pool.h"
#include "stress/ipc/child.h"

namespace weft::fault {
namespace {

using namespace std::chrono_literals;
using testing_ipc::Child;

std::atomic<int> interruptions{0};

// While it lives, the thread that made it is interrupted 2000 times a second.
class Interruptions {
 public:
  Interruptions() {
    interruptions = 0;
    struct sigaction action{};
    action.sa_handler = [](int) { ++interruptions; };
    ::sigemptyset(&action.sa_mask);
    action.sa_flags = 0;  // without SA_RESTART
    (void)::sigaction(SIGUSR2, &action, &before_);
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = SIGUSR2;
    event._sigev_un._tid = static_cast<pid_t>(::syscall(SYS_gettid));
    if (::timer_create(CLOCK_MONOTONIC, &event, &timer_) != 0) {
      throw std::system_error(errno, std::system_category(), "timer_create");
    }
    const itimerspec each{.it_interval = {.tv_sec = 0, .tv_nsec = 500'000},
                          .it_value = {.tv_sec = 0, .tv_nsec = 500'000}};
    (void)::timer_settime(timer_, 0, &each, nullptr);
  }
  ~Interruptions() {
    (void)::timer_delete(timer_);
    (void)::sigaction(SIGUSR2, &before_, nullptr);
  }
  Interruptions(const Interruptions&) = delete;
  Interruptions& operator=(const Interruptions&) = delete;

 private:
  struct sigaction before_{};
  timer_t timer_{};
};

// Does it until so many signals have come meanwhile.
template <class Operation>
void while_interrupted(const Operation& operation) {
  const Interruptions storm;
  while (interruptions < 100 && !testing::Test::HasFailure()) operation();
}

TEST(WhileInterrupted, ProcessesAreStartedAndJoined) {
  while_interrupted([] {
    ipc::Process process([] { std::_Exit(4); });
    process.start();
    process.join();
    EXPECT_EQ(process.exitcode(), 4);
  });
}

TEST(WhileInterrupted, ProgramsGetTheirInputAndTheirOutputIsWhole) {
  const std::string text(300'000, 't');
  while_interrupted(
      [&] { EXPECT_EQ(run({"/bin/cat"}, {.input = text, .capture_output = true}).out, text); });
}

TEST(WhileInterrupted, MessagesAreWhole) {
  const std::string text(300'000, 'm');
  auto ends = ipc::pipe();
  Child echo([&] {
    ends.first.close();
    try {
      for (;;) ends.second.send(ends.second.recv<std::string>());
    } catch (const ipc::EndOfFile&) {
      return 0;
    }
  });
  ends.second.close();
  for (const bool by_socket : {false, true}) {
    if (by_socket) (void)ends.first.fileno();
    while_interrupted([&] {
      for (const std::string& message : {text, std::string("short")}) {
        ends.first.send(message);
        EXPECT_EQ(ends.first.recv<std::string>(), message);
      }
      EXPECT_FALSE(ends.first.poll_for(2ms));
    });
  }
  ends.first.close();
  EXPECT_EQ(echo.wait(), 0);
}

TEST(WhileInterrupted, QueuesGiveEachItemOnce) {
  ipc::Queue<std::string> there(0, 4096);
  ipc::Queue<std::string> back(0, 4096);
  Child echo([&] {
    for (;;) {
      const std::string item = there.get();
      if (item.empty()) return 0;
      back.put(item);
    }
  });
  int n = 0;
  while_interrupted([&] {
    const std::string item(20'000, static_cast<char>('a' + ++n % 26));
    there.put(item);
    EXPECT_EQ(back.get(), item);
    EXPECT_FALSE(back.try_get_for(2ms));
  });
  there.put("");
  EXPECT_EQ(echo.wait(), 0);
}

TEST(WhileInterrupted, WaitsForLocksAndNotificationsLastAsLongAsTheyShould) {
  ipc::Lock lock;
  ipc::Condition condition;
  Child holder([&]() -> int {
    lock.acquire();
    for (;;) ::pause();
  });
  while (lock.try_acquire()) lock.release();
  while_interrupted([&] {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_FALSE(lock.acquire_for(5ms));
    condition.acquire();
    EXPECT_FALSE(condition.wait_for(5ms));
    condition.release();
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 10ms);
  });
}

TEST(WhileInterrupted, MemoryIsMadeAndGone) {
  while_interrupted([] {
    const std::string name = "weft-storm-" + std::to_string(::getpid());
    {
      const auto memory = ipc::SharedMemory::create_named(name, 2 << 20);
      EXPECT_EQ(ipc::SharedMemory::attach_named(name).size(), std::size_t{2} << 20);
    }
    EXPECT_FALSE(ipc::SharedMemory::remove_abandoned(name));
  });
}

TEST(WhileInterrupted, ManagersAreStartedAndCalled) {
  while_interrupted([] {
    ipc::Manager manager;
    manager.start();
    const auto value = manager.value(std::string(100'000, 'v'));
    for (int i = 0; i < 20; ++i) EXPECT_EQ(value.get().size(), 100'000u);
    manager.shutdown();
    EXPECT_EQ(manager.process().exitcode(), 0);
  });
}

TEST(WhileInterrupted, PoolsAreMadeAndDoTheirCalls) {
  while_interrupted([] {
    ipc::Pool pool(2);
    int sum = 0;
    for (const int n : pool.map([](int n) { return n; }, std::vector<int>(500, 1))) sum += n;
    EXPECT_EQ(sum, 500);
  });
}

}  // namespace
}  // namespace weft::fault
