// Executions of several processes that do not end, and those that only look so.
#include <gtest/gtest.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <new>

#include "stress/run/search.h"
#include "stress/run/text_for_test.h"

namespace weft {
namespace {

using namespace std::chrono_literals;

// A process of the body's own, which ends with it at the latest.
template <typename Function>
pid_t child_that(Function function) {
  const pid_t pid = fork();
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  function();
  _exit(0);
}

// A word that processes share.
std::atomic<std::uint32_t>& shared_word() {
  void* const page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return *new (page) std::atomic<std::uint32_t>(0);
}

void sleep_on(std::atomic<std::uint32_t>& word, std::chrono::milliseconds limit) {
  const timespec relative{.tv_sec = 0, .tv_nsec = limit.count() * 1'000'000};
  syscall(SYS_futex, &word, FUTEX_WAIT, 0, &relative, nullptr, 0);
}

void run_for(std::chrono::milliseconds time) {
  const auto now = [] {
    timespec spent;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return spent.tv_sec * 1s + spent.tv_nsec * 1ns;
  };
  const auto end = now() + time;
  while (now() < end) {
  }
}

TEST(ProcessHang, ProcessesThatWaitForEachOtherAndLookWhoLivesAreAHang) {
  const Report report = search_for(Kind::kHang, "each other",
                                   [](weft::Run&) {
                                     auto& word = shared_word();
                                     const auto wait_in_vain = [&] {
                                       while (word == 0) sleep_on(word, 20ms);
                                     };
                                     child_that(wait_in_vain);
                                     wait_in_vain();
                                   },
                                   {.hang_after = 500ms, .livelock_after = 60s});
  ASSERT_TRUE(report.violation && report.violation->kind == Kind::kHang) << report.text();
  EXPECT_TRUE(contains(report.violation->text,
                       "all 1 threads, and the 1 of child processes, have been asleep for 0.5 s"))
      << report.violation->text;
}

TEST(ProcessHang, AProcessThatWorksBetweenItsLooksIsALivelock) {
  const Report report = search_for(Kind::kLivelock, "works",
                                   [](weft::Run&) {
                                     auto& word = shared_word();
                                     while (word == 0) {
                                       sleep_on(word, 5ms);
                                       run_for(5ms);
                                     }
                                   },
                                   {.hang_after = 200ms, .livelock_after = 1s});
  EXPECT_EQ(report.violation->kind, Kind::kLivelock) << report.text();
}

TEST(ProcessHang, WaitingForAChildThatWorksIsNoHang) {
  const Report report = search(
      "busy child", [](weft::Run&) { waitpid(child_that([] { run_for(500ms); }), nullptr, 0); },
      {.executions = 1, .hang_after = 100ms});
  EXPECT_EQ(text_of(report), "nothing");
}

TEST(ProcessHang, WaitingForAChildThatSleepsForGoodIsAHang) {
  const Report report = search_for(
      Kind::kHang, "sleeping child",
      [](weft::Run&) { waitpid(child_that([] { pause(); }), nullptr, 0); }, {.hang_after = 200ms});
  EXPECT_EQ(report.violation->kind, Kind::kHang) << report.text();
}

TEST(ProcessHang, AProcessThatALivelockLeftBehindHidesNoLaterHang) {
  static std::atomic<pid_t> busy{0};
  const auto child = [] {
    while (true) run_for(1s);
  };
  const Report first = search("livelock",
                              [&](weft::Run&) {
                                busy = child_that(child);
                                pause();
                              },
                              {.livelock_after = 500ms, .perturb = kPlain});
  EXPECT_EQ(first.violation->kind, Kind::kLivelock) << first.text();
  const Report second = search("hang", [](weft::Run&) { pause(); },
                               {.hang_after = 200ms, .livelock_after = 10s, .perturb = kPlain});
  EXPECT_EQ(second.violation->kind, Kind::kHang) << second.text();
  kill(busy, SIGKILL);
}

}  // namespace
}  // namespace weft
