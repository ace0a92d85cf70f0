// Containers of Boost.Lockfree against what they promise: the order of their items, and that no
// call waits for another thread. Queue and stack read a node that another thread may have taken
// meanwhile, and drop what they have read: a data race by the rules of C++, which is told, and then
// let be.
#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "stress/linearize/linearizable.h"
#include "stress/run/build_mode.h"

#if defined(WEFT_HAVE_BOOST)
#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>
#include <boost/lockfree/stack.hpp>

namespace {

using Queue = boost::lockfree::queue<int>;
using Stack = boost::lockfree::stack<int>;
using Pipe = boost::lockfree::spsc_queue<int, boost::lockfree::capacity<2>>;

// Room for what is there at once, so that nodes are used again.
template <class C>
auto with_room() {
  return std::make_unique<C>(2);
}

template <class C>
std::optional<int> popped(C& container) {
  int item = 0;
  return container.pop(item) ? std::optional(item) : std::nullopt;
}

struct QueueModel {
  std::deque<int> items;
  bool push(int item) {
    items.push_back(item);
    return true;
  }
  std::optional<int> pop() {
    if (items.empty()) return std::nullopt;
    const int item = items.front();
    items.pop_front();
    return item;
  }
};

struct StackModel {
  std::vector<int> items;
  bool push(int item) {
    items.push_back(item);
    return true;
  }
  std::optional<int> pop() {
    if (items.empty()) return std::nullopt;
    const int item = items.back();
    items.pop_back();
    return item;
  }
};

struct PipeModel : QueueModel {
  bool push(int item) { return items.size() < 2 && QueueModel::push(item); }
};

template <class C>
bool push(C& container, int item) {
  return container.push(item);
}

WEFT_LINEARIZABLE(BoostLockfree, AQueueIsAQueue, Queue, QueueModel,
                  operation("push", push<Queue>, &QueueModel::push, gen::unique()),
                  operation("pop", popped<Queue>, &QueueModel::pop), made_by(with_room<Queue>),
                  lock_free(), options({.races = false}));

WEFT_LINEARIZABLE(BoostLockfree, AStackIsAStack, Stack, StackModel,
                  operation("push", push<Stack>, &StackModel::push, gen::unique()),
                  operation("pop", popped<Stack>, &StackModel::pop), made_by(with_room<Stack>),
                  lock_free(), options({.races = false}));

TEST(BoostLockfree, AStackReadsWhatMayBeAnothers) {
  if (!weft::kExplored) GTEST_SKIP() << "the explorer alone looks for races here";
  using namespace weft::linearize::words;
  const auto found = weft::linearize::expect_not_linearizable<Stack, StackModel>(
      "Stack", operation("push", push<Stack>, &StackModel::push, gen::unique()),
      operation("pop", popped<Stack>, &StackModel::pop), made_by(with_room<Stack>));
  ASSERT_TRUE(found.report && found.report->violated());
  EXPECT_EQ(found.report->violation->kind, weft::Kind::kDataRace) << found.text;
}

WEFT_LINEARIZABLE(BoostLockfree, APipeOfOneProducerIsWaitFree, Pipe, PipeModel,
                  operation("push", push<Pipe>, &PipeModel::push, gen::unique()).by("producer"),
                  operation("pop", popped<Pipe>, &PipeModel::pop).by("consumer"),
                  wait_free_within(3));

}  // namespace

#else

TEST(BoostLockfree, IsLinearizable) {
  GTEST_SKIP() << "the system has no boost::lockfree: install libboost-dev";
}

#endif
