// A process is killed after each single instruction of put() and of get(), and the others go on:
// the queue loses at most that item, and nobody waits long.
//
// Algorithm: ptrace(2) runs the victim instruction by instruction; SIGKILL needs no debugger's
// help.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "primitives/message/queue.h"

namespace weft::ipc {
namespace {

constexpr std::size_t kRing = 1024;

// What a process does once, at its first use of a queue: it finds out its number, and the linker
// binds functions.
void warm_up() {
  JoinableQueue<std::string> queue(0, kRing);
  for (const std::size_t size : {1, 900}) {
    queue.put(std::string(size, 'w'));
    (void)queue.get();
    queue.task_done();
  }
}

// Runs `operation` in a new process for `steps` instructions and kills it. False if it had ended
// before.
bool kill_after(const std::function<void()>& operation, int steps) {
  const pid_t victim = ::fork();
  if (victim == 0) {
    warm_up();
    ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    ::raise(SIGSTOP);
    operation();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(victim, &status, 0);
  for (int step = 0; step < steps && WIFSTOPPED(status); ++step) {
    ::ptrace(PTRACE_SINGLESTEP, victim, nullptr, nullptr);
    ::waitpid(victim, &status, 0);
  }
  if (WIFEXITED(status)) return false;
  ::kill(victim, SIGKILL);
  ::waitpid(victim, &status, 0);
  return true;
}

struct Outcome {
  std::vector<double> seconds;  // until the survivor had done what it wanted
  int before = 0;               // kills after which the operation had not happened
  int after = 0;                // kills after which it had
};

// `each(happened)` is called for a kill after each `stride`-th instruction; it uses the queue and
// says by `happened` whether the operation shows.
Outcome kill_everywhere(int stride, const std::function<bool(int steps, bool& happened)>& each) {
  Outcome outcome;
  for (int steps = 0;; steps += stride) {
    bool happened = false;
    const auto begun = std::chrono::steady_clock::now();
    if (!each(steps, happened)) return outcome;
    outcome.seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
    (happened ? outcome.after : outcome.before) += 1;
  }
}

void expect_quick(Outcome outcome) {
  ASSERT_GT(outcome.seconds.size(), 100u);
  std::sort(outcome.seconds.begin(), outcome.seconds.end());
  EXPECT_LE(outcome.seconds[outcome.seconds.size() / 2], 0.1);
  // There are kills before the operation takes effect, and after.
  EXPECT_GT(outcome.before, 10);
  EXPECT_GT(outcome.after, 10);
}

// PQ3, PQ4, PQ6
void expect_put_survives(const std::string& text, std::size_t ring, int stride) {
  expect_quick(kill_everywhere(stride, [&](int steps, bool& happened) {
    Queue<std::string> queue(0, ring);
    queue.put("before");
    if (!kill_after([&] { queue.put(text); }, steps)) return false;
    queue.put("after");
    EXPECT_EQ(queue.get(), "before");
    std::string next = queue.get();
    if (next == text) {
      happened = true;
      next = queue.get();
    }
    EXPECT_EQ(next, "after") << steps;
    EXPECT_TRUE(queue.empty()) << steps;
    EXPECT_EQ(queue.qsize(), 0u) << steps;
    return true;
  }));
}

TEST(IpcQueueKill, AfterAnyInstructionOfPutTheItemIsThereWholeOrNotAtAll) {
  expect_put_survives(std::string(40, 'x'), kRing, 1);
}

// In pieces, of which the victim leaves some.
TEST(IpcQueueKill, AfterAnyInstructionOfAPutInPiecesTheItemIsThereWholeOrNotAtAll) {
  expect_put_survives(std::string(800, 'x'), 2 * kRing, 7);
}

TEST(IpcQueueKill, AfterAnyInstructionOfGetOnlyItsItemIsGone) {
  expect_quick(kill_everywhere(2, [&](int steps, bool& happened) {
    Queue<std::string> queue(0, kRing);
    for (const char* text : {"one", "two", "three"}) queue.put(text);
    if (!kill_after([&] { (void)queue.get(); }, steps)) return false;
    std::string next = queue.get();
    if (next == "one") {
      next = queue.get();
    } else {
      happened = true;
    }
    EXPECT_EQ(next, "two") << steps;
    EXPECT_EQ(queue.get(), "three") << steps;
    EXPECT_TRUE(queue.empty()) << steps;
    queue.put("four");
    EXPECT_EQ(queue.get(), "four") << steps;
    return true;
  }));
}

TEST(IpcQueueKill, AfterAnyInstructionOfAGetInPiecesOnlyItsItemIsGone) {
  const std::string text(600, 'x');
  expect_quick(kill_everywhere(7, [&](int steps, bool& happened) {
    Queue<std::string> queue(0, kRing);
    queue.put(text);
    queue.put("two");
    if (!kill_after([&] { (void)queue.get(); }, steps)) return false;
    std::string next = queue.get();
    if (next == text) {
      next = queue.get();
    } else {
      happened = true;
    }
    EXPECT_EQ(next, "two") << steps;
    EXPECT_TRUE(queue.empty()) << steps;
    return true;
  }));
}

TEST(IpcQueueKill, AfterAnyInstructionOfTaskDoneItCountsOnceOrNot) {
  expect_quick(kill_everywhere(1, [&](int steps, bool& happened) {
    JoinableQueue<int> queue(0, kRing);
    queue.put(1);
    queue.put(2);
    if (!kill_after([&] { queue.task_done(); }, steps)) return false;
    happened = queue.unfinished_tasks() == 1;
    if (!happened) queue.task_done();
    queue.task_done();
    queue.join();
    return true;
  }));
}

}  // namespace
}  // namespace weft::ipc
