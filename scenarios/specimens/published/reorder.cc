// Threads that each set two variables, and one that looks at both. It meets the pair half set only
// after the first step of some setter and before the second step of every other: the more setters,
// the rarer. The program "reorder_N" of SCTBench.
#include <atomic>
#include <mutex>

#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/published/published.h"
#include "scenarios/specimens/side_by_side.h"

namespace weft::scenarios::specimens::published {
namespace {

template <int kThreads, bool kMended>
std::string reorder() {
  std::atomic<int> first{0}, second{0};
  std::mutex both;
  bool half_set = false;
  crowd(kThreads, [&](int i) {
    std::unique_lock hold(both, std::defer_lock);
    if (kMended) hold.lock();
    if (i < kThreads - 1) {
      first = 1;
      second = -1;
    } else {
      half_set = first == 1 && second == 0;
    }
  });
  return unless(!half_set, "the first is set and the second is not");
}

template <int kThreads>
constexpr Classic reorder_of(std::string_view name) {
  return {
      .name = name,
      .family = "reorder",
      .threads = kThreads,
      .mistake = "two variables are set and read in pairs without a lock",
      .kind = kind::kAssertion,
      .preemptions = 1,
      .body = reorder<kThreads, false>,
      .mended = reorder<kThreads, true>,
  };
}

}  // namespace

constinit const Classic kReorder5 = reorder_of<5>("published/reorder_5");
constinit const Classic kReorder10 = reorder_of<10>("published/reorder_10");
constinit const Classic kReorder20 = reorder_of<20>("published/reorder_20");
constinit const Classic kReorder50 = reorder_of<50>("published/reorder_50");
constinit const Classic kReorder100 = reorder_of<100>("published/reorder_100");

}  // namespace weft::scenarios::specimens::published
