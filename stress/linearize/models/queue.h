// Queues as in primitives/queue: bounded or not, that can be shut down, and count what is
// unfinished; first in first out, last in first out, or by priority, of equals first in first out.
//
// Thread safety: values.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "stress/linearize/model.h"

namespace weft::linearize::models {

enum class Order { kFifo, kLifo, kPriority };

struct Queue {
  Order order = Order::kFifo;
  std::int64_t maximum = 0;       // 0: none
  std::vector<Value> items = {};  // the next one last
  std::int64_t unfinished = 0;
  bool is_shut_down = false;

  // From the next one on.
  std::string text() const {
    std::string text = "items " + to_value(std::vector<Value>(items.rbegin(), items.rend())).text();
    if (maximum > 0) text += " of at most " + std::to_string(maximum);
    return text + ", unfinished " + std::to_string(unfinished) +
           (is_shut_down ? ", shut down" : "");
  }
  bool is_full() const { return maximum > 0 && size() >= maximum; }
  std::int64_t size() const { return static_cast<std::int64_t>(items.size()); }
  // Lowest first: of an integer itself, and of a list its first.
  static std::int64_t rank(const Value& item) {
    if (const auto* const list = item.get_if<Value::List>(); list != nullptr && !list->empty()) {
      return rank(list->front());
    }
    return from_value<std::int64_t>(item);
  }
  void insert(const Value& item) {
    auto place = items.begin();
    if (order == Order::kLifo) place = items.end();
    if (order == Order::kPriority) {
      place = std::find_if(items.begin(), items.end(),
                           [&](const Value& other) { return rank(other) <= rank(item); });
    }
    items.insert(place, item);
    ++unfinished;
  }
  Value take() {
    Value item = std::move(items.back());
    items.pop_back();
    return item;
  }

  Waits<> put(const Value& item) {
    if (is_shut_down) return throws("QueueShutDown");
    if (is_full()) return not_enabled;
    insert(item);
    return done;
  }
  Waits<Value> get() {
    if (!items.empty()) return take();
    if (is_shut_down) return throws("QueueShutDown");
    return not_enabled;
  }
  Gives<> put_nowait(const Value& item) {
    if (is_shut_down) return throws("QueueShutDown");
    if (is_full()) return throws("QueueFull");
    insert(item);
    return done;
  }
  Gives<Value> get_nowait() {
    if (!items.empty()) return take();
    return is_shut_down ? throws("QueueShutDown") : throws("QueueEmpty");
  }
  Gives<bool> try_put(const Value& item) {
    if (is_shut_down) return throws("QueueShutDown");
    if (is_full()) return false;
    insert(item);
    return true;
  }
  // Nothing if it is empty, and more may come.
  Gives<Value> try_get() {
    if (!items.empty()) return take();
    if (is_shut_down) return throws("QueueShutDown");
    return Value();
  }
  // Many at once, each in one step; of a queue with a maximum a put of many may be several puts.
  Waits<> put_many(const std::vector<Value>& many) {
    if (many.empty()) return done;
    if (is_shut_down) return throws("QueueShutDown");
    if (maximum > 0 && size() + static_cast<std::int64_t>(many.size()) > maximum) {
      return not_enabled;
    }
    for (const Value& item : many) insert(item);
    return done;
  }
  // How many.
  Gives<std::int64_t> try_put_many(const std::vector<Value>& many) {
    if (many.empty()) return std::int64_t{0};
    if (is_shut_down) return throws("QueueShutDown");
    std::int64_t count = 0;
    for (; count < static_cast<std::int64_t>(many.size()) && !is_full(); ++count) {
      insert(many[static_cast<std::size_t>(count)]);
    }
    return count;
  }
  Waits<std::vector<Value>> get_many(std::int64_t at_most) {
    if (items.empty() && at_most > 0) {
      if (is_shut_down) return throws("QueueShutDown");
      return not_enabled;
    }
    return take_many(at_most);
  }
  Gives<std::vector<Value>> try_get_many(std::int64_t at_most) {
    if (items.empty() && at_most > 0 && is_shut_down) return throws("QueueShutDown");
    return take_many(at_most);
  }
  std::vector<Value> take_many(std::int64_t at_most) {
    std::vector<Value> taken;
    for (; at_most > 0 && !items.empty(); --at_most) taken.push_back(take());
    return taken;
  }
  Gives<> task_done() {
    if (unfinished == 0) return throws("ValueError");
    --unfinished;
    return done;
  }
  Waits<> join() const {
    if (unfinished > 0) return not_enabled;
    return done;
  }
  void set_maximum(std::int64_t to) { maximum = to; }
  void shutdown() { is_shut_down = true; }
  void shutdown_at_once() {
    is_shut_down = true;
    unfinished -= std::min(unfinished, size());
    items.clear();
  }
  bool empty() const { return items.empty(); }
  bool full() const { return is_full(); }
  std::int64_t unfinished_tasks() const { return unfinished; }
  bool shut_down() const { return is_shut_down; }
};

inline ModelOf<Queue> queue_from(const char* name, Order order, std::int64_t maximum) {
  // The judge's faster ways are for what is nothing else than a queue or a stack.
  const bool plain = order != Order::kPriority && maximum == 0;
  ModelOf<Queue> model(name, {.order = order, .maximum = maximum});
  model.operation("put", &Queue::put, Role::kPut)
      .operation("get", &Queue::get, Role::kTake)
      .operation("put_nowait", &Queue::put_nowait, Role::kPut)
      .operation("get_nowait", &Queue::get_nowait, Role::kTakeNow)
      .operation("try_put", &Queue::try_put)
      .operation("try_get", &Queue::try_get, Role::kTryTake)
      .operation("task_done", &Queue::task_done)
      .operation("join", &Queue::join)
      .operation("set_maximum", &Queue::set_maximum)
      .operation("shutdown", &Queue::shutdown)
      .operation("shutdown_at_once", &Queue::shutdown_at_once)
      .operation("qsize", &Queue::size)
      .operation("empty", &Queue::empty)
      .operation("full", &Queue::full)
      .operation("unfinished_tasks", &Queue::unfinished_tasks)
      .operation("is_shut_down", &Queue::shut_down);
  if (plain) model.is(order == Order::kFifo ? Kind::kQueue : Kind::kStack);
  return model;
}
inline ModelOf<Queue> queue(std::int64_t maximum = 0) {
  return queue_from("queue", Order::kFifo, maximum);
}
inline ModelOf<Queue> lifo_queue(std::int64_t maximum = 0) {
  return queue_from("lifo_queue", Order::kLifo, maximum);
}
inline ModelOf<Queue> priority_queue(std::int64_t maximum = 0) {
  return queue_from("priority_queue", Order::kPriority, maximum);
}

}  // namespace weft::linearize::models
