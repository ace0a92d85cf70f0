// Tests that fail by a data race or its like. They run only as children of race_report_test.cc.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>

#include "primitives/annotate.h"
#include "stress/check.h"

namespace {

TEST(DISABLED_Report, RelaxedFlag) {
  weft::check([](weft::Run& run) {
    int number = 0;
    std::atomic<bool> flag{false};
    weft::annotate::named(&number, "number");
    weft::annotate::named(&flag, "flag");
    // relaxed throughout: that is the mistake.
    run.thread("left", [&] {
      number = 1;
      flag.store(true, std::memory_order_relaxed);
    });
    run.thread("right", [&] {
      if (flag.load(std::memory_order_relaxed)) run.require(number == 1, "it is there");
    });
    run.join();
  });
}

int shared_number = 0;

TEST(DISABLED_Report, LocksApart) {
  weft::check([](weft::Run& run) {
    std::mutex one, other;
    const auto add = [](std::mutex& mutex) {
      const std::lock_guard lock(mutex);
      ++shared_number;
    };
    run.thread("left", [&] { add(one); });
    run.thread("right", [&] { add(other); });
    run.join();
  });
}

TEST(DISABLED_Report, FreedTooEarly) {
  weft::check([](weft::Run& run) {
    struct Pair {
      std::atomic<int> first{0};
      std::atomic<int> second{0};
    };
    auto* const pair = new Pair;
    run.thread("left", [pair] {
      pair->first.store(1);
      (void)pair->second.load();
    });
    run.thread("right", [pair] {
      if (pair->first.load() == 1) delete pair;
    });
    run.join();
  });
}

}  // namespace
