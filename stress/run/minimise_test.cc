// A violating schedule is made simpler and goes on failing in the same way. Each body's fewest
// preemptions are known by thinking; the random walk finds it with many more.
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <ostream>
#include <string>
#include <thread>

#include "stress/report/finding_json.h"
#include "stress/run/search.h"

namespace weft {
namespace {

struct Case {
  const char* name;
  Kind kind;
  unsigned preemptions;  // at least
  unsigned switches;     // at most, when it is simple
  void (*body)(Run&);
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

// Threads that have nothing to do with it.
void add_noise(Run& run, std::atomic<int>& elsewhere, int threads) {
  for (int i = 0; i < threads; ++i) {
    run.thread("noise", [&] {
      for (int turn = 0; turn < 10; ++turn) elsewhere.fetch_add(1);
    });
  }
}

// One switch between its load and its store. (The others: from body to one thread, to the next,
// ...)
void lost_update(Run& run) {
  std::atomic<int> elsewhere{0}, count{0};
  const auto add = [&] {
    elsewhere.fetch_add(1);
    const int seen = count;
    count = seen + 1;
    elsewhere.fetch_add(1);
  };
  run.thread("left", add);
  run.thread("right", add);
  add_noise(run, elsewhere, 2);
  run.join();
  run.require(count == 2, "the count is " + std::to_string(count) + ", not 2");
}

void locks_in_both_orders(Run& run) {
  std::atomic<int> elsewhere{0};
  std::mutex one, other;
  const auto take = [&](std::mutex& first, std::mutex& second) {
    elsewhere.fetch_add(1);
    const std::lock_guard hold(first);
    elsewhere.fetch_add(1);
    const std::lock_guard hold_both(second);
  };
  run.thread("left", [&] { take(one, other); });
  run.thread("right", [&] { take(other, one); });
  add_noise(run, elsewhere, 2);
  run.join();
}

// The second takes its locks only if it looks while the flag is up.
void deadlock_behind_a_flag(Run& run) {
  std::atomic<int> elsewhere{0};
  std::mutex one, other;
  std::atomic<bool> flag{false};
  run.thread("left", [&] {
    flag = true;
    flag = false;
    const std::lock_guard hold(one);
    const std::lock_guard hold_both(other);
  });
  run.thread("right", [&] {
    if (!flag) return;
    const std::lock_guard hold(other);
    const std::lock_guard hold_both(one);
  });
  add_noise(run, elsewhere, 1);
  run.join();
}

// Needs no preemption: the notification comes first. But it may come late, too.
void lost_notification(Run& run) {
  std::atomic<int> elsewhere{0};
  std::mutex mutex;
  std::condition_variable changed;
  run.thread("waiter", [&] {
    std::unique_lock lock(mutex);
    changed.wait(lock);
  });
  run.thread("notifier", [&] { changed.notify_one(); });
  add_noise(run, elsewhere, 2);
  run.join();
}

// Needs a wait that ends for no reason, and no preemption.
void believes_a_wake_up(Run& run) {
  std::atomic<int> elsewhere{0};
  std::mutex mutex;
  std::condition_variable changed;
  bool ready = false;
  run.thread("waiter", [&] {
    std::unique_lock lock(mutex);
    if (!ready) changed.wait(lock);
    run.require(ready, "woken too early");
    ready = true;
  });
  run.thread("notifier", [&] {
    elsewhere.fetch_add(1);
    const std::lock_guard lock(mutex);
    ready = true;
    changed.notify_one();
  });
  add_noise(run, elsewhere, 1);
  run.join();
}

constexpr Case kCases[] = {
    {"LostUpdate", Kind::kAssertion, 1, 8, lost_update},
    {"LocksInBothOrders", Kind::kDeadlock, 1, 6, locks_in_both_orders},
    {"DeadlockBehindAFlag", Kind::kDeadlock, 2, 6, deadlock_behind_a_flag},
    {"LostNotification", Kind::kDeadlock, 0, 6, lost_notification},
    {"BelievesAWakeUp", Kind::kAssertion, 0, 6, believes_a_wake_up},
};

Report found_by_walking(const Case& wanted, std::uint64_t seed, Seconds minimise) {
  Options options;
  options.seed = seed;
  options.strategy = "random_walk";
  options.minimise = minimise;
  return search_for(wanted.kind, wanted.name, wanted.body, options);
}

class Minimise : public testing::TestWithParam<Case> {};

TEST_P(Minimise, LeavesThePreemptionsThatItTakes) {
  const Case& one = GetParam();
  unsigned simplified = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const Report report = found_by_walking(one, seed, Seconds(2));
    ASSERT_TRUE(report.violation) << report.summary();
    const report::Finding finding = report::finding_from_json(report.finding);
    if (!finding.original) continue;
    ++simplified;
    const report::Original& original = *finding.original;
    EXPECT_EQ(original.simpler_preemptions, one.preemptions) << report.text();
    EXPECT_LE(original.simpler_switches, one.switches) << report.text();
    EXPECT_GE(original.preemptions, original.simpler_preemptions);
    EXPECT_NE(original.schedule, finding.schedule);
    EXPECT_EQ(finding.preemptions, original.simpler_preemptions) << "the table shows that one";
    EXPECT_NE(report.text().find("simplified: "), std::string::npos) << report.text();
  }
  EXPECT_GT(simplified, 1u) << "the walk finds it in many steps";
}

// Objects are numbered as they appear.
std::string without_digits(std::string text) {
  std::erase_if(text, [](char c) { return c >= '0' && c <= '9'; });
  return text;
}

// Both schedules of a finding fail by the same kind, in the same words.
TEST_P(Minimise, KeepsTheFailure) {
  const Case& one = GetParam();
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const Report report = found_by_walking(one, seed, Seconds(0.1));
    ASSERT_TRUE(report.violation) << report.summary();
    const report::Finding finding = report::finding_from_json(report.finding);
    EXPECT_EQ(finding.caveat, "");
    std::vector<std::string> schedules = {finding.schedule};
    if (finding.original) schedules.push_back(finding.original->schedule);
    for (const std::string& schedule : schedules) {
      Options options;
      options.schedule = schedule;
      const Report again = search_for(one.kind, one.name, one.body, options);
      ASSERT_TRUE(again.violation) << again.text();
      EXPECT_EQ(again.violation->kind, report.violation->kind) << again.text();
      EXPECT_EQ(without_digits(again.violation->text), without_digits(report.violation->text));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(, Minimise, testing::ValuesIn(kCases),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(MinimiseOption, IsLeftOutWhereItIsNotWanted) {
  const Report report = found_by_walking(kCases[0], 1, Seconds(0));
  EXPECT_FALSE(report::finding_from_json(report.finding).original);
}

// Two ways to fail by one kind, of which one needs no preemption: it is not taken for the other.
TEST(MinimiseOption, TellsOneFailureFromAnother) {
  const auto body = [](weft::Run& run) {
    std::atomic<int> count{0}, last{0};
    const auto add = [&](int id) {
      const int seen = count;
      count = seen + 1;
      last = id;
    };
    run.thread([&] { add(1); });
    run.thread([&] { add(2); });
    run.join();
    if (count != 2) return run.fail("an addition was lost");
    run.require(last == 2, "the first was the last");
  };
  unsigned lost = 0, late = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Options options;
    options.seed = seed;
    options.strategy = "random_walk";
    options.minimise = Seconds(1);
    const Report report = search_for(Kind::kAssertion, "two", body, options);
    const report::Finding finding = report::finding_from_json(report.finding);
    const bool is_lost = finding.sentence == "an addition was lost";
    (is_lost ? lost : late) += 1;
    if (finding.original) {
      EXPECT_EQ(finding.original->simpler_preemptions, is_lost ? 1u : 0u) << report.text();
    }
  }
  EXPECT_GT(lost, 1u);
  EXPECT_GT(late, 1u);
}

}  // namespace
}  // namespace weft
