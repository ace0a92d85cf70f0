// What ends or fails for no reason does so as often in an execution as its budget allows, and no
// more often.
#include <gtest/gtest.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>

#include "stress/check.h"

extern "C" int __tsan_atomic32_compare_exchange_weak(volatile int* object, int* expected,
                                                     int desired, int order, int failure_order);

namespace weft::suite {
namespace {

using namespace std::chrono_literals;

// Each counts what came for no reason in its execution.
unsigned condition(weft::Run& run) {
  std::mutex mutex;
  std::condition_variable condition;
  bool ready = false;
  unsigned woken = 0;
  bool notified_while_waiting = false;
  bool waits = false;
  run.thread([&] {
    std::unique_lock lock(mutex);
    while (!ready) {
      waits = true;
      condition.wait(lock);
      ++woken;
    }
    waits = false;
  });
  run.thread([&] {
    const std::lock_guard lock(mutex);
    notified_while_waiting = waits;
    ready = true;
    condition.notify_one();
  });
  run.join();
  // The last one came by the notification, or with it.
  return woken - (notified_while_waiting ? 1 : 0);
}

unsigned futex(weft::Run& run) {
  std::atomic<std::uint32_t> word = 0;
  unsigned woken = 0;
  long told = 0;
  run.thread([&] {
    while (word == 0) {
      if (syscall(SYS_futex, &word, FUTEX_WAIT, 0, nullptr, nullptr, 0) == 0) ++woken;
    }
  });
  run.thread([&] {
    word = 1;
    told = syscall(SYS_futex, &word, FUTEX_WAKE, 1, nullptr, nullptr, 0);
  });
  run.join();
  return woken - static_cast<unsigned>(told);
}

// What GCC makes of a weak exchange; Clang's instrumentation does not pass on that it is one.
unsigned exchange(weft::Run&) {
  int value = 0;
  unsigned failed = 0;
  int expected = 0;
  while (__tsan_atomic32_compare_exchange_weak(&value, &expected, 1, __ATOMIC_SEQ_CST,
                                               __ATOMIC_SEQ_CST) == 0) {
    ++failed;
  }
  return failed;
}

unsigned exchange_and_futex(weft::Run& run) { return exchange(run) + futex(run); }

struct Case {
  const char* name;
  unsigned (*body)(weft::Run&);
};

class Spurious : public testing::TestWithParam<Case> {};

TEST_P(Spurious, AreAsManyAsTheBudgetAllows) {
  for (const unsigned budget : {0u, 1u, 2u}) {
    std::set<unsigned> seen;
    const Report report = check([&](weft::Run& run) { seen.insert(GetParam().body(run)); },
                                {.budget = 20s, .strategy = "exhaustive", .spurious = budget});
    EXPECT_EQ(to_string(report.verdict), to_string(Verdict::kHolds)) << report.summary();
    std::set<unsigned> expected;
    for (unsigned i = 0; i <= budget; ++i) expected.insert(i);
    EXPECT_EQ(seen, expected) << "with a budget of " << budget;
  }
}

INSTANTIATE_TEST_SUITE_P(Budget, Spurious,
                         testing::Values(Case{"Condition", condition}, Case{"Futex", futex},
                                         Case{"WeakExchange", exchange},
                                         Case{"ExchangeAndFutex", exchange_and_futex}),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace weft::suite
