// The vocabularies of the queues. An item carries its put's label, so that each is told from all
// others: an order of the operations explains the results only if each item was got at most once,
// in the queue's order, and no put passed the maximum.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "primitives/queue/blocking_queue.h"
#include "stress/properties/locks.h"

namespace weft::properties {

struct Item {
  int rank = 0;  // of a priority queue
  int label = 0;
  friend bool operator<(const Item& a, const Item& b) { return a.rank < b.rank; }
};

enum class Order { kFifo, kLifo, kPriority };

struct QueueState {
  Order order;
  std::size_t maximum;  // 0: none
  std::deque<Item> items = {};
  std::int64_t unfinished = 0;
  bool shut_down = false;

  bool full() const { return maximum > 0 && items.size() >= maximum; }
  void put(Item item) {
    auto place = items.end();
    if (order == Order::kLifo) place = items.begin();
    if (order == Order::kPriority) place = std::upper_bound(items.begin(), items.end(), item);
    items.insert(place, item);
    ++unfinished;
  }
  std::int64_t get() {
    const Item item = items.front();
    items.pop_front();
    return item.label;
  }
  std::string labels() const {
    std::string text;
    for (const Item& item : items) text += std::to_string(item.label) + " ";
    return text;
  }
  std::string contents() const {
    return labels() + "unfinished " + std::to_string(unfinished) + (shut_down ? " shut down" : "");
  }
  std::string text() const { return contents() + " of " + std::to_string(maximum); }
};

template <class Q>
std::string queue_contents(Q& queue) {
  const std::string rest = "unfinished " + std::to_string(queue.unfinished_tasks()) +
                           (queue.is_shut_down() ? " shut down" : "");
  std::string text;
  if (!queue.is_shut_down()) queue.shutdown();
  for (Item& item : queue) text += std::to_string(item.label) + " ";
  return text + rest;
}

// The same of a queue that is not shut down. It is empty then.
template <class Q>
std::string drained_labels(Q& queue) {
  std::string text;
  while (const std::optional<Item> item = queue.try_get()) {
    text += std::to_string(item->label) + " ";
  }
  return text;
}

// Operations that several queues have. A queue without a shutdown() is never shut down.
template <class Q>
using QueueWords = Vocabulary::Of<Q, QueueState>;

template <class Q>
void add_put(QueueWords<Q>& words, std::string name = "put(@)", generate::Arguments ranks = {}) {
  words.operation(
      std::move(name), ranks,
      [](Q& q, const Turn& t) {
        q.put(Item{t.argument, t.label});
        return "done";
      },
      [](QueueState& s, const Turn& t) {
        if (s.shut_down) return done("QueueShutDown");
        if (s.full()) return blocked();
        s.put({t.argument, t.label});
        return done("done");
      });
}
template <class Q>
void add_ranked_put(QueueWords<Q>& words, Order order) {
  add_put(words, order == Order::kPriority ? "put(@, rank #)" : "put(@)", {0, 2});
}

template <class Q>
void add_get(QueueWords<Q>& words) {
  words.operation(
      "get", [](Q& q, const Turn&) { return std::int64_t{q.get().label}; },
      [](QueueState& s, const Turn&) {
        if (!s.items.empty()) return done(s.get());
        return s.shut_down ? done("QueueShutDown") : blocked();
      });
}

template <class Q>
void add_put_nowait(QueueWords<Q>& words, generate::Arguments ranks = {}) {
  words.operation(
      "put_nowait(@)", ranks,
      [](Q& q, const Turn& t) {
        q.put_nowait(Item{t.argument, t.label});
        return "done";
      },
      [](QueueState& s, const Turn& t) {
        if (s.shut_down) return done("QueueShutDown");
        if (s.full()) return done("QueueFull");
        s.put({t.argument, t.label});
        return done("done");
      });
}

template <class Q>
void add_get_nowait(QueueWords<Q>& words) {
  words.operation(
      "get_nowait", [](Q& q, const Turn&) { return std::int64_t{q.get_nowait().label}; },
      [](QueueState& s, const Turn&) {
        if (!s.items.empty()) return done(s.get());
        return done(s.shut_down ? "QueueShutDown" : "QueueEmpty");
      });
}

template <class Q>
void add_qsize(QueueWords<Q>& words) {
  words.operation(
      "qsize", [](Q& q, const Turn&) { return static_cast<std::int64_t>(q.qsize()); },
      [](QueueState& s, const Turn&) { return done(static_cast<std::int64_t>(s.items.size())); });
}

template <class Q>
void add_task_done(QueueWords<Q>& words) {
  words.operation(
      "task_done",
      [](Q& q, const Turn&) {
        q.task_done();
        return "done";
      },
      [](QueueState& s, const Turn&) {
        if (s.unfinished == 0) return done("ValueError");
        --s.unfinished;
        return done("done");
      });
}

template <class Q>
void add_join(QueueWords<Q>& words) {
  words.operation(
      "join",
      [](Q& q, const Turn&) {
        q.join();
        return "done";
      },
      [](QueueState& s, const Turn&) { return s.unfinished > 0 ? blocked() : done("done"); });
}

template <class Q>
QueueWords<Q> words_of_queue(std::string name, Order order, std::size_t maximum) {
  return Vocabulary::of<Q, QueueState>(
      std::move(name), [maximum] { return std::make_unique<Q>(maximum); },
      QueueState{.order = order, .maximum = maximum});
}

// Everything that a queue can do.
template <class Q>
Vocabulary queue_vocabulary(std::string name, Order order, std::size_t maximum) {
  QueueWords<Q> words = words_of_queue<Q>(std::move(name), order, maximum);
  add_ranked_put(words, order);
  add_get(words);
  add_put_nowait(words, {0, 2});
  add_get_nowait(words);
  add_task_done(words);
  add_join(words);
  return words
      .operation(
          "set_maximum(#)", {1, 3},
          [](Q& q, const Turn& t) {
            q.set_maximum(static_cast<std::size_t>(t.argument));
            return "done";
          },
          [](QueueState& s, const Turn& t) {
            s.maximum = static_cast<std::size_t>(t.argument);
            return done("done");
          })
      .operation(
          "shutdown",
          [](Q& q, const Turn&) {
            q.shutdown();
            return "done";
          },
          [](QueueState& s, const Turn&) {
            s.shut_down = true;
            return done("done");
          })
      .operation(
          "shutdown at once",
          [](Q& q, const Turn&) {
            q.shutdown(ShutDownMode::kImmediate);
            return "done";
          },
          [](QueueState& s, const Turn&) {
            s.shut_down = true;
            s.unfinished -= std::min(s.unfinished, static_cast<std::int64_t>(s.items.size()));
            s.items.clear();
            return done("done");
          })
      .contents(queue_contents<Q>, [](const QueueState& s) { return s.contents(); })
      .rescue([](Q& q) {
        q.shutdown(ShutDownMode::kImmediate);
        while (true) q.task_done();  // until it throws
      });
}

// put and get alone, so that threads meet at the borders, full and empty, again and again.
template <class Q>
Vocabulary put_get_vocabulary(std::string name, Order order, std::size_t maximum) {
  QueueWords<Q> words = words_of_queue<Q>(std::move(name), order, maximum);
  add_ranked_put(words, order);
  add_get(words);
  return words.contents(drained_labels<Q>, [](const QueueState& s) { return s.labels(); })
      .rescue([](Q& q) {
        // Who waits for room finds some, else who waits for an item.
        if (!q.try_get()) (void)q.try_put(Item{});
      });
}

template <class Q>
Vocabulary simple_queue_vocabulary(std::string name) {
  QueueWords<Q> words = Vocabulary::of<Q, QueueState>(
      std::move(name), [] { return std::make_unique<Q>(); },
      QueueState{.order = Order::kFifo, .maximum = 0});
  add_put(words);
  add_get(words);
  add_get_nowait(words);
  add_qsize(words);
  return words.contents(drained_labels<Q>, [](const QueueState& s) { return s.labels(); })
      .rescue([](Q& q) { q.put(Item{}); });
}

}  // namespace weft::properties
