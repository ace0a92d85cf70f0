// The queues against the models that are shipped.
#include "primitives/queue/queue.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "primitives/queue/lifo_queue.h"
#include "primitives/queue/priority_queue.h"
#include "primitives/queue/simple_queue.h"
#include "stress/linearize/linearizable.h"
#include "stress/linearize/models/queue.h"

namespace weft::linearize {
namespace {

// Many programs rather than many interleavings of each.
const generate::Search kShort{.explored = 20, .options = {.budget = Seconds(2)}};

// What the three have in common, with room for so many (0: any number): items alone, ...
template <class Q, class Items>
void expect_items_like_the_model(const char* name, models::Queue model, Items items) {
  using namespace words;
  using M = models::Queue;
  const auto maximum = static_cast<std::size_t>(model.maximum);
  expect_linearizable<Q, M>(
      name, operation("put", overload<void(const int&)>(&Q::put), &M::put, items),
      operation("get", overload<int()>(&Q::get), &M::get),
      operation("put_nowait", overload<void(const int&)>(&Q::put_nowait), &M::put_nowait, items),
      operation("get_nowait", &Q::get_nowait, &M::get_nowait),
      operation("try_put", overload<bool(const int&)>(&Q::try_put), &M::try_put, items),
      operation("try_get", &Q::try_get, &M::try_get), operation("qsize", &Q::qsize, &M::size),
      operation("full", &Q::full, &M::full),
      operation(
          "set_maximum", [](Q& q, int to) { q.set_maximum(static_cast<std::size_t>(to)); },
          &M::set_maximum, gen::inRange(1, 4)),
      made_by([=] { return std::make_unique<Q>(maximum); }), starts_as(model), search(kShort),
      around(model.maximum == 0 ? 6 : 2));
}

// ... and tasks, and the end.
template <class Q>
void expect_tasks_like_the_model(const char* name, models::Order order) {
  using namespace words;
  using M = models::Queue;
  expect_linearizable<Q, M>(
      name, operation("put", overload<void(const int&)>(&Q::put), &M::put, gen::inRange(0, 3)),
      operation("get", overload<int()>(&Q::get), &M::get),
      operation("task_done", &Q::task_done, &M::task_done), operation("join", &Q::join, &M::join),
      operation(
          "shutdown", [](Q& q) { q.shutdown(); }, &M::shutdown),
      operation(
          "shutdown at once", [](Q& q) { q.shutdown(ShutDownMode::kImmediate); },
          &M::shutdown_at_once),
      operation("try_get", &Q::try_get, &M::try_get),
      operation("unfinished_tasks", &Q::unfinished_tasks, &M::unfinished_tasks),
      operation("is_shut_down", &Q::is_shut_down, &M::shut_down), starts_as(M{.order = order}),
      search(kShort));
}

// Many at once, beside single ones: each in one step, where there is room for all.
std::vector<int> many(int label, int count) {
  std::vector<int> items;
  for (int i = 0; i < count; ++i) items.push_back(label * 10 + i);
  return items;
}
std::vector<Value> values(const std::vector<int>& items) {
  return std::vector<Value>(items.begin(), items.end());
}
template <class Q>
void expect_many_like_the_model(const char* name, models::Queue model) {
  using namespace words;
  using M = models::Queue;
  const auto maximum = static_cast<std::size_t>(model.maximum);
  expect_linearizable<Q, M>(
      name,
      operation(
          "try_put_many",
          [](Q& q, int label, int count) {
            std::vector<int> items = many(label, count);
            std::span<int> left(items);
            (void)q.try_put_many(left);
            return items.size() - left.size();
          },
          [](M& m, int label, int count) { return m.try_put_many(values(many(label, count))); },
          gen::unique(), gen::inRange(0, 4)),
      operation(
          "try_get_many", [](Q& q, int at_most) { return q.try_get_many(std::size_t(at_most)); },
          &M::try_get_many, gen::inRange(0, 4)),
      operation(
          "get_many", [](Q& q, int at_most) { return q.get_many(std::size_t(at_most)); },
          &M::get_many, gen::inRange(0, 4)),
      operation("try_get", &Q::try_get, &M::try_get), operation("qsize", &Q::qsize, &M::size),
      operation("unfinished_tasks", &Q::unfinished_tasks, &M::unfinished_tasks),
      operation(
          "shutdown at once", [](Q& q) { q.shutdown(ShutDownMode::kImmediate); },
          &M::shutdown_at_once),
      made_by([=] { return std::make_unique<Q>(maximum); }), starts_as(model), search(kShort));
}
template <class Q>
void expect_waits_of_many_like_the_model(const char* name, models::Order order) {
  using namespace words;
  using M = models::Queue;
  expect_linearizable<Q, M>(
      name,
      operation(
          "put_many", [](Q& q, int label, int count) { q.put_many(many(label, count)); },
          [](M& m, int label, int count) { return m.put_many(values(many(label, count))); },
          gen::unique(), gen::inRange(0, 4)),
      operation("put", overload<void(const int&)>(&Q::put), &M::put, gen::unique()),
      operation("get", overload<int()>(&Q::get), &M::get),
      operation(
          "get_many", [](Q& q, int at_most) { return q.get_many(std::size_t(at_most)); },
          &M::get_many, gen::inRange(1, 4)),
      operation("task_done", &Q::task_done, &M::task_done), operation("join", &Q::join, &M::join),
      operation(
          "shutdown", [](Q& q) { q.shutdown(); }, &M::shutdown),
      starts_as(M{.order = order}), search(kShort));
}

TEST(Models, ManyOfAQueue) {
  expect_many_like_the_model<Queue<int>>("Queue", {.maximum = 3});
  expect_waits_of_many_like_the_model<Queue<int>>("Queue", models::Order::kFifo);
}
TEST(Models, ManyOfALifoQueue) {
  expect_many_like_the_model<LifoQueue<int>>("LifoQueue",
                                             {.order = models::Order::kLifo, .maximum = 3});
  expect_waits_of_many_like_the_model<LifoQueue<int>>("LifoQueue", models::Order::kLifo);
}
TEST(Models, ManyOfAPriorityQueue) {
  expect_many_like_the_model<PriorityQueue<int>>("PriorityQueue",
                                                 {.order = models::Order::kPriority, .maximum = 3});
}

TEST(Models, Queue) {
  expect_items_like_the_model<Queue<int>>("Queue", {.maximum = 2}, gen::unique());
}
TEST(Models, QueueOfTasks) {
  expect_tasks_like_the_model<Queue<int>>("Queue", models::Order::kFifo);
}
TEST(Models, LifoQueue) {
  expect_items_like_the_model<LifoQueue<int>>(
      "LifoQueue", {.order = models::Order::kLifo, .maximum = 2}, gen::unique());
}
TEST(Models, LifoQueueOfTasks) {
  expect_tasks_like_the_model<LifoQueue<int>>("LifoQueue", models::Order::kLifo);
}
// A heap is nothing but a line up to three items.
TEST(Models, PriorityQueue) {
  expect_items_like_the_model<PriorityQueue<int>>(
      "PriorityQueue", {.order = models::Order::kPriority}, gen::inRange(0, 5));
}
TEST(Models, PriorityQueueOfTasks) {
  expect_tasks_like_the_model<PriorityQueue<int>>("PriorityQueue", models::Order::kPriority);
}

using Simple = SimpleQueue<int>;
WEFT_LINEARIZABLE(Models, SimpleQueue, Simple, models::Queue,
                  operation("put", overload<void(const int&)>(&Simple::put), &models::Queue::put,
                            gen::unique()),
                  operation("get", overload<int()>(&Simple::get), &models::Queue::get),
                  operation("get_nowait", &Simple::get_nowait, &models::Queue::get_nowait),
                  operation("try_get", &Simple::try_get, &models::Queue::try_get),
                  operation("qsize", &Simple::qsize, &models::Queue::size),
                  operation("empty", &Simple::empty, &models::Queue::empty), search(kShort));

}  // namespace
}  // namespace weft::linearize
