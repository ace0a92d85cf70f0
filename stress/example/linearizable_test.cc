#include "stress/linearize/linearizable.h"

#include <gtest/gtest.h>

#include <mutex>
#include <optional>
#include <vector>

#include "primitives/annotate.h"

// The class: a stack with room for two.
class SmallStack {
 public:
  bool push(int item) {
    std::scoped_lock hold(mutex_);
    if (items_.size() == 2) return false;
    items_.push_back(item);
    return true;
  }
  std::optional<int> pop() {
    std::scoped_lock hold(mutex_);
    if (items_.empty()) return std::nullopt;
    const int item = items_.back();
    items_.pop_back();
    return item;
  }
  std::optional<int> top() {
    std::scoped_lock hold(mutex_);
    if (items_.empty()) return std::nullopt;
    return items_.back();
  }

 private:
  std::mutex mutex_;
  std::vector<int> items_;
};

// The model: what it does when the calls come one after another. No locks, no threads.
struct SmallStackModel {
  std::vector<int> items;

  bool push(int item) {
    if (items.size() == 2) return false;
    items.push_back(item);
    return true;
  }
  std::optional<int> pop() {
    const std::optional<int> item = top();
    if (item) items.pop_back();
    return item;
  }
  std::optional<int> top() {
    if (items.empty()) return std::nullopt;
    return items.back();
  }
};

WEFT_LINEARIZABLE(SmallStackTest, IsAStack, SmallStack, SmallStackModel,
                  operation("push", &SmallStack::push, &SmallStackModel::push, gen::unique()),
                  operation("pop", &SmallStack::pop, &SmallStackModel::pop),
                  operation("top", &SmallStack::top, &SmallStackModel::top));

// A pop of two steps: what is on top may be another's by then. The test of the test.
struct PeekThenPop : SmallStack {
  std::optional<int> pop() {
    const std::optional<int> item = top();
    weft::annotate::point("between top and pop");
    (void)SmallStack::pop();
    return item;
  }
};

TEST(SmallStackTest, APopOfTwoStepsIsNotOne) {
  using namespace weft::linearize::words;
  weft::linearize::expect_not_linearizable<PeekThenPop, SmallStackModel>(
      "PeekThenPop", operation("push", &PeekThenPop::push, &SmallStackModel::push, gen::unique()),
      operation("pop", &PeekThenPop::pop, &SmallStackModel::pop));
}
