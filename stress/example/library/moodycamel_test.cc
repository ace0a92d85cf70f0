// A library of others, as the system has it: moodycamel::ConcurrentQueue, headers alone. Nothing of
// it is changed for the explorer.
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "stress/check.h"

#if defined(WEFT_HAVE_MOODYCAMEL)
#include <concurrentqueue.h>

namespace {

constexpr int kItems = 2;

// Small blocks, so that two items come to the end of one.
struct Traits : moodycamel::ConcurrentQueueDefaultTraits {
  static constexpr std::size_t BLOCK_SIZE = 2;
  static constexpr std::size_t EXPLICIT_INITIAL_INDEX_SIZE = 2;
  static constexpr std::size_t IMPLICIT_INITIAL_INDEX_SIZE = 2;
  static constexpr std::size_t INITIAL_IMPLICIT_PRODUCER_HASH_SIZE = 2;
};
using Queue = moodycamel::ConcurrentQueue<int, Traits>;

int item(int producer, int number) { return 10 * producer + number; }

// Takes at most `attempts` times; what it got, in order.
std::vector<int> taken(Queue& queue, int attempts) {
  std::vector<int> items;
  for (int value; attempts > 0; --attempts) {
    if (queue.try_dequeue(value)) items.push_back(value);
  }
  return items;
}

// Each item was put once, those of a producer in the order of their numbers.
void require_each_once_in_order(weft::Run& run, const std::vector<int>& items) {
  std::array<int, 2> next{};
  for (const int value : items) {
    const int producer = value / 10;
    run.require(value == item(producer, next[producer]), "a producer's items come in order, once");
    ++next[producer];
  }
  run.require(next[0] == kItems && next[1] == kItems, "no item is lost");
}

TEST(ConcurrentQueue, TakesEachItemOnceAndKeepsAProducersOrder) {
  weft::check([](weft::Run& run) {
    Queue queue(8);
    std::vector<int> items;
    for (int producer = 0; producer < 2; ++producer) {
      run.thread([&, producer] {
        for (int i = 0; i < kItems; ++i) queue.enqueue(item(producer, i));
      });
    }
    run.thread("consumer", [&] { items = taken(queue, 3); });
    run.join();
    for (const int value : taken(queue, 2 * kItems)) items.push_back(value);
    require_each_once_in_order(run, items);
  });
}

TEST(ConcurrentQueue, TakesEachItemOnceFromTokens) {
  weft::check([](weft::Run& run) {
    Queue queue(8);
    std::vector<int> items;
    for (int producer = 0; producer < 2; ++producer) {
      run.thread([&, producer] {
        const moodycamel::ProducerToken token(queue);
        for (int i = 0; i < kItems; ++i) queue.enqueue(token, item(producer, i));
      });
    }
    run.thread("consumer", [&] { items = taken(queue, 3); });
    run.join();
    for (const int value : taken(queue, 2 * kItems)) items.push_back(value);
    require_each_once_in_order(run, items);
  });
}

#if defined(WEFT_EXPLORE)
// A token is for one thread at a time. Real threads seldom meet in those few instructions.
TEST(ConcurrentQueue, RacesWhereTwoThreadsShareAToken) {
  weft::expect_violation(weft::Kind::kDataRace, [](weft::Run& run) {
    Queue queue(8);
    const moodycamel::ProducerToken token(queue);
    run.thread("left", [&] { queue.enqueue(token, 1); });
    run.thread("right", [&] { queue.enqueue(token, 2); });
    run.join();
    run.require(taken(queue, 4).size() == 2, "no item is lost");
  });
}
#endif

}  // namespace

#else

TEST(ConcurrentQueue, IsExplored) {
  GTEST_SKIP() << "the system has no moodycamel::ConcurrentQueue: install libconcurrentqueue-dev";
}

#endif
