// A value is set under one lock and what follows from it under a second one; a reader in between
// sees the first without the second. Only as long as none of the other writers has got further:
// the more writers, the rarer. The program "twostage_N" of SCTBench.
#include <mutex>

#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/published/published.h"
#include "scenarios/specimens/side_by_side.h"

namespace weft::scenarios::specimens::published {
namespace {

template <int kThreads, bool kMended>
std::string twostage() {
  std::mutex value_lock, next_lock, both;
  int value = 0, next = 0;
  bool agree = true;
  const auto write = [&] {
    std::unique_lock hold_both(both, std::defer_lock);
    if (kMended) hold_both.lock();
    {
      std::scoped_lock hold(value_lock);
      value = 1;
    }
    std::scoped_lock hold(next_lock);
    next = 2;
  };
  const auto read = [&] {
    std::unique_lock hold_both(both, std::defer_lock);
    if (kMended) hold_both.lock();
    {
      std::scoped_lock hold(value_lock);
      if (value == 0) return;
    }
    std::scoped_lock hold(next_lock);
    agree = next == 2;
  };
  crowd(kThreads, [&](int i) { i < kThreads - 1 ? write() : read(); });
  return unless(agree, "the value is there and the next one is not");
}

template <int kThreads>
constexpr Classic twostage_of(std::string_view name) {
  return {
      .name = name,
      .family = "twostage",
      .threads = kThreads,
      .mistake = "a value and what follows from it are set under two locks, one after the other",
      .kind = kind::kAssertion,
      .preemptions = 1,
      .body = twostage<kThreads, false>,
      .mended = twostage<kThreads, true>,
  };
}

}  // namespace

constinit const Classic kTwostage5 = twostage_of<5>("published/twostage_5");
constinit const Classic kTwostage10 = twostage_of<10>("published/twostage_10");
constinit const Classic kTwostage20 = twostage_of<20>("published/twostage_20");
constinit const Classic kTwostage50 = twostage_of<50>("published/twostage_50");
constinit const Classic kTwostage100 = twostage_of<100>("published/twostage_100");

}  // namespace weft::scenarios::specimens::published
