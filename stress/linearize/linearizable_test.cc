// The front door: the shortest test, and every form that an operation may take.
#include "stress/linearize/linearizable.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "primitives/annotate.h"
#include "stress/run/build_mode.h"

namespace weft::linearize {
namespace {

// A stack behind one lock.
class Stack {
 public:
  void push(int item) {
    std::scoped_lock hold(mutex_);
    items_.push_back(item);
  }
  std::optional<int> pop() {
    std::scoped_lock hold(mutex_);
    if (items_.empty()) return std::nullopt;
    const int item = items_.back();
    items_.pop_back();
    return item;
  }
  std::size_t size() const {
    std::scoped_lock hold(mutex_);
    return items_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<int> items_;
};

struct StackModel {
  std::vector<int> items;
  void push(int item) { items.push_back(item); }
  std::optional<int> pop() {
    if (items.empty()) return std::nullopt;
    const int item = items.back();
    items.pop_back();
    return item;
  }
  std::size_t size() const { return items.size(); }
};

WEFT_LINEARIZABLE(Linearizable, AStackIsAStack, Stack, StackModel,
                  operation("push", &Stack::push, &StackModel::push, gen::inRange(0, 3)),
                  operation("pop", &Stack::pop, &StackModel::pop),
                  operation("size", &Stack::size, &StackModel::size));

// What is popped twice: looks, and takes in a second step.
class LooksFirst : public Stack {
 public:
  std::optional<int> pop() {
    if (size() == 0) return std::nullopt;
    annotate::point("between the look and the pop");
    const std::optional<int> item = Stack::pop();
    return item ? item : -1;
  }
};

TEST(Linearizable, OneThatLooksBeforeItTakesIsNot) {
  if (!kExplored) GTEST_SKIP() << "on a busy machine real threads meet too seldom in between";
  using namespace words;
  const auto found = expect_not_linearizable<LooksFirst, StackModel>(
      "LooksFirst", operation("push", &LooksFirst::push, &StackModel::push, gen::unique()),
      operation("pop", &LooksFirst::pop, &StackModel::pop),
      search({.in_lockstep = false, .executions = 200}));
  EXPECT_LE(found.program.size(), 4u) << found.text;
}

}  // namespace
}  // namespace weft::linearize
