// The system calls of a pool's workers fail, and those of the thread in which the pool collects
// what they say: each call is done, or fails with a word, and the pool goes on or says that it is
// broken.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include "primitives/ipc/shared_object.h"
#include "primitives/process/process.h"
#include "primitives/process_pool/process_pool.h"
#include "stress/fault/asleep.h"
#include "stress/fault/fail_while_busy.h"
#include "stress/fault/kill_services.h"
#include "stress/fault/kill_while_busy.h"

namespace weft::fault {
namespace {

using Faults = KillWhileBusy::Faults;

// Longer than a ring, so that both sides ask for memory and wait for room.
constexpr std::size_t kLong = 600'000;
std::string doubled(const std::string& text) { return text + text; }
int next_of(int n) { return n + 1; }

// Short calls and a long one, each when `sleeper` has gone to sleep, so that it is woken. What a
// call says is counted; what is wrong is returned.
std::string use(ipc::Pool& pool, pid_t sleeper, Outcomes& outcomes) {
  for (int i = 0; i < 3; ++i) {
    wait_until_asleep_or_dead(sleeper);
    try {
      const bool is_right = i == 1
                                ? pool.apply(doubled, std::string(kLong, 'x')).size() == 2 * kLong
                                : pool.apply(next_of, i) == i + 1;
      if (!is_right) return "a result is another one";
      ++outcomes.served;
    } catch (const std::exception& error) {
      if (error.what()[0] == '\0') return "an error says nothing";
      ++outcomes.told;
    }
  }
  return "";
}

// An interruption is no reason for a call to fail.
void expect_untold_of_interruption(const std::string& failure, int told) {
  if (failure.ends_with("EINTR")) EXPECT_EQ(told, 0) << failure;
}

std::size_t fail_in_worker(ipc::Pool& pool, const Faults& faults, Outcomes& outcomes) {
  const pid_t worker = worker_of(pool);
  const int told = outcomes.told;
  KillWhileBusy driver(worker, faults);
  EXPECT_EQ(use(pool, worker, outcomes), "") << driver.failure();
  note_failure(outcomes, driver.failure());
  if (faults.steps == 0) {
    expect_untold_of_interruption(driver.failure(), outcomes.told - told);
  }
  const std::size_t errors = driver.errors();
  (void)driver.kill_now_and_wait();
  EXPECT_EQ(pool.apply(next_of, 4), 5) << "another took its place: " << driver.failure();
  return errors;
}

void fail_in_workers(const std::function<void(const std::function<std::size_t(Faults)>&)>& each,
                     Outcomes& outcomes) {
  {
    ipc::Pool pool({.processes = 1, .initializer = allow_to_be_driven});
    each([&](const Faults& faults) {
      (void)pool.apply(next_of, 1);
      return fail_in_worker(pool, faults, outcomes);
    });
  }
  EXPECT_FALSE(has_child());
}

// The first three of each that it makes. It asks for memory, and wakes the pool, as it comes.
TEST(EachSystemCallFailsInside, APoolsWorkerFailsAtMostItsCall) {
  Outcomes outcomes;
  fail_in_workers(
      [](const auto& run) { fail_each_of({"poll", "read", "write", "mmap", "mprotect"}, run); },
      outcomes);
  for (const char* const call : {"poll", "read"}) {
    EXPECT_GT(outcomes.calls[call], 0) << "it does not call " << call;
  }
  EXPECT_GT(outcomes.served, 0);
}

TEST(ASystemCallFailsAndThenAKill, OfAPoolsWorkerFailsAtMostItsCall) {
  Outcomes outcomes;
  fail_in_workers([](const auto& run) { fail_some_and_kill(2, run); }, outcomes);
  EXPECT_GT(outcomes.served, 0);
}

// What a process that has a pool tells the test.
struct Report {
  std::atomic<int> phase{0};
  std::atomic<int> served{0};
  std::atomic<int> told{0};
  std::atomic<bool> is_right{false};
};

pid_t other_thread() {
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
    const pid_t id = std::stoi(thread.path().filename());
    if (id != ::getpid()) return id;
  }
  return 0;
}

// A process of its own has the pool, whose collector is its second thread. A worker is killed, so
// that the nursery has something to say.
std::size_t fail_in_collector(const Faults& faults, Outcomes& outcomes) {
  const auto report = weft::internal::SharedObject<Report>::make();
  ipc::Process user([&] {
    ipc::Pool pool(1);
    (void)pool.apply(next_of, 1);
    allow_to_be_driven();
    report->phase = 1;
    while (report->phase == 1) std::this_thread::yield();
    const pid_t collector = other_thread();
    Outcomes mine;
    std::string wrong = use(pool, collector, mine);
    for (const pid_t worker : pool.pids()) (void)::kill(worker, SIGKILL);
    if (wrong.empty()) wrong = use(pool, collector, mine);
    if (!wrong.empty()) std::fprintf(stderr, "%s\n", wrong.c_str());
    report->served = mine.served;
    report->told = mine.told;
    report->is_right = wrong.empty();
    pool.terminate();
    pool.join();
    report->phase = 3;
  });
  user.start();
  while (report->phase == 0) std::this_thread::yield();
  std::size_t errors = 0;
  {
    KillWhileBusy driver(user.pid(), faults);
    report->phase = 2;
    while (report->phase != 3 && user.is_alive()) std::this_thread::yield();
    note_failure(outcomes, driver.failure());
    errors = driver.errors();
    if (faults.steps == 0) {
      EXPECT_EQ(report->phase, 3) << "it died: " << driver.failure();
      EXPECT_TRUE(report->is_right) << driver.failure();
      expect_untold_of_interruption(driver.failure(), report->told);
    }
    (void)driver.kill_now_and_wait();
  }
  user.join();
  outcomes.served += report->served;
  outcomes.told += report->told;
  return errors;
}

TEST(EachSystemCallFailsInside, ACollectorWhosePoolGoesOnOrSaysThatItIsBroken) {
  Outcomes outcomes;
  fail_each_of({"poll", "read", "write", "recvfrom", "sendto", "mmap", "mprotect"},
               [&](Faults faults) {
                 faults.spares_first_thread = true;
                 return fail_in_collector(faults, outcomes);
               });
  for (const char* const call : {"poll", "read", "recvfrom", "sendto"}) {
    EXPECT_GT(outcomes.calls[call], 0) << "it does not call " << call;
  }
  EXPECT_GT(outcomes.served, 0);
  EXPECT_GT(outcomes.told, 0);
  EXPECT_FALSE(has_child());
}

}  // namespace
}  // namespace weft::fault
