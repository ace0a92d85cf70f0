// moodycamel::ConcurrentQueue against what it promises: the items of one producer come in their
// order, those of different ones in any; and who finds nothing may have come too early.
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <memory>
#include <optional>

#include "stress/linearize/linearizable.h"
#include "stress/run/build_mode.h"

#if defined(WEFT_HAVE_MOODYCAMEL)
#include <concurrentqueue.h>

namespace {

using Queue = moodycamel::ConcurrentQueue<int>;
using weft::linearize::Turn;

std::optional<int> taken(Queue& queue) {
  int item = 0;
  return queue.try_dequeue(item) ? std::optional(item) : std::nullopt;
}

// A line for each producer.
struct Lines {
  std::array<std::deque<int>, 4> lines;

  bool enqueue(const Turn& turn, int item) {
    lines[turn.thread].push_back(item);
    return true;
  }
  // The first one of some line: that which was seen.
  std::optional<int> dequeue_from_any(const Turn& turn) {
    for (auto& line : lines) {
      if (line.empty() || !saw(turn, std::optional(line.front()))) continue;
      const int item = line.front();
      line.pop_front();
      return item;
    }
    return std::nullopt;
  }
  // When all threads have ended nothing may be left behind.
  std::optional<int> dequeue_at_rest(const Turn& turn) {
    if (const auto item = dequeue_from_any(turn)) return item;
    for (const auto& line : lines) {
      if (!line.empty()) return line.front();
    }
    return std::nullopt;
  }
};

WEFT_LINEARIZABLE(ConcurrentQueue, KeepsEachProducersOrder, Queue, Lines,
                  operation("enqueue", overload<bool(int const&)>(&Queue::enqueue), &Lines::enqueue,
                            gen::unique()),
                  operation("try_dequeue", taken, &Lines::dequeue_from_any),
                  operation("dequeue_at_rest", taken, &Lines::dequeue_at_rest).only_after());

struct OneLine {
  std::deque<int> items;
  bool enqueue(int item) {
    items.push_back(item);
    return true;
  }
  std::optional<int> dequeue() {
    if (items.empty()) return std::nullopt;
    const int item = items.front();
    items.pop_front();
    return item;
  }
};

// It is no queue that keeps the order of all: one thread after another shows it.
TEST(ConcurrentQueue, DoesNotKeepTheOrderOfAll) {
  if (!weft::kExplored) GTEST_SKIP() << "real threads meet too seldom";
  using namespace weft::linearize::words;
  const auto found = weft::linearize::expect_not_linearizable<Queue, OneLine>(
      "ConcurrentQueue",
      operation("enqueue", overload<bool(int const&)>(&Queue::enqueue), &OneLine::enqueue,
                gen::unique()),
      operation("try_dequeue", taken, &OneLine::dequeue));
  EXPECT_TRUE(found.history) << found.text;
}

}  // namespace

#else

TEST(ConcurrentQueue, IsLinearizable) {
  GTEST_SKIP() << "the system has no moodycamel::ConcurrentQueue: install libconcurrentqueue-dev";
}

#endif
