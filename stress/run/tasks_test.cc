#include "stress/run/tasks.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>
#include <utility>
#include <vector>

namespace weft::internal {
namespace {

// As the kernel wrote it for one that waits for a message of another process.
constexpr char kSharedWait[] =
    "202 0x7f3e8c0e5180 0x9 0x1 0x7ffd5b0c9d60 0x0 0xffffffff 0x7ffd5b0c9d18 0x7f3e8c1db88d\n";

TEST(Tasks, ABoundedSleepOnAWordOfProcessesIsKnownByItsWordAndItsCall) {
  if (SYS_futex != 202) GTEST_SKIP() << "the line is of another architecture";
  const auto wait = shared_wait_from(kSharedWait);
  ASSERT_TRUE(wait);
  EXPECT_EQ(
      *wait,
      (SharedWait{
          .word = 0x7f3e8c0e5180, .expected = 1, .stack = 0x7ffd5b0c9d18, .code = 0x7f3e8c1db88d}));
}

TEST(Tasks, NoOtherSleepIsTakenForOne) {
  const std::pair<const char*, const char*> others[] = {
      {"woken meanwhile", "running\n"},
      {"not told", ""},
      {"in no call", "-1 0x7ffd5b0c9d18 0x7f3e8c1db88d\n"},
      {"of one process", "202 0x7f00 0x89 0x1 0x7ffd 0x0 0xffffffff 0x7ffe 0x7f01\n"},
      {"without a limit", "202 0x7f00 0x9 0x1 0x0 0x0 0xffffffff 0x7ffe 0x7f01\n"},
      {"a wake-up", "202 0x7f00 0x1 0x1 0x7ffd 0x0 0xffffffff 0x7ffe 0x7f01\n"},
      {"another call", "230 0x7f00 0x9 0x1 0x7ffd 0x0 0xffffffff 0x7ffe 0x7f01\n"},
  };
  for (const auto& [what, line] : others) EXPECT_FALSE(shared_wait_from(line)) << what;
}

// One that this process started, and that ends with it.
class Child {
 public:
  explicit Child(void (*body)()) : pid_(fork()) {
    if (pid_ != 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    body();
    _exit(0);
  }
  ~Child() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  int pid() const { return pid_; }

 private:
  const pid_t pid_;
};

void sleep_for_good() {
  while (true) pause();
}

std::set<int> pids_of(const std::vector<Task>& tasks) {
  std::set<int> pids;
  for (const Task& task : tasks) pids.insert(task.pid);
  return pids;
}

TEST(Tasks, ThoseOfChildrenAndGrandchildrenAreSeen) {
  start_sanitizer_threads();
  const auto before = tasks_now();
  const Child child([] {
    const Child grandchild(sleep_for_good);
    sleep_for_good();
  });
  std::set<int> pids;
  do {
    pids = pids_of(tasks_to_judge(before));
  } while (pids.size() < 2);  // until the grandchild is there
  EXPECT_EQ(pids.size(), 2u);
  EXPECT_TRUE(pids.contains(child.pid()));
  EXPECT_FALSE(pids.contains(getpid()));
}

TEST(Tasks, OneThatWasLeftBehindIsNotSeen) {
  start_sanitizer_threads();
  const auto before = tasks_now();
  const Child first(sleep_for_good);
  ASSERT_EQ(pids_of(tasks_to_judge(before)), std::set<int>{first.pid()});
  leave_behind(tasks_to_judge(before));
  EXPECT_TRUE(tasks_to_judge(before).empty());
  const Child second(sleep_for_good);
  EXPECT_EQ(pids_of(tasks_to_judge(before)), std::set<int>{second.pid()});
}

TEST(Tasks, ANewThreadIsSeenWithItsNameAndState) {
  start_sanitizer_threads();
  const auto before = tasks_now();
  EXPECT_TRUE(std::any_of(before.begin(), before.end(),
                          [](const Task& task) { return task.tid == gettid(); }));
  std::atomic<bool> stop{false};
  std::atomic<int> tid{0};
  std::thread sleeper([&] {
    pthread_setname_np(pthread_self(), "odd (name) x");
    tid = gettid();
    stop.wait(false);
  });
  // Until it is asleep in stop.wait().
  std::vector<Task> since;
  do {
    since = tasks_since(before);
    std::this_thread::yield();
  } while (tid == 0 || since.size() != 1 || since[0].state != 'S');
  EXPECT_EQ(since[0].tid, tid);
  EXPECT_EQ(since[0].name, "odd (name) x");
  EXPECT_GT(since[0].start_time, 0u);
  EXPECT_GT(since[0].switches, 0u);
  stop = true;
  stop.notify_all();
  sleeper.join();
}

}  // namespace
}  // namespace weft::internal
