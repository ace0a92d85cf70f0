// Models that more than one table has, and what a program may call of those that they are for.
//
// Thread safety: values.
#pragma once

#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "stress/linearize/front.h"

namespace weft::linearizable {

inline std::optional<int> taken_from_front(std::deque<int>& items) {
  if (items.empty()) return std::nullopt;
  const int item = items.front();
  items.pop_front();
  return item;
}

template <class Items>
std::optional<int> taken_from_back(Items& items) {
  if (items.empty()) return std::nullopt;
  const int item = items.back();
  items.pop_back();
  return item;
}

struct QueueModel {
  std::deque<int> items;
  void put(int item) { items.push_back(item); }
  std::optional<int> get() { return taken_from_front(items); }
};

struct StackModel {
  std::vector<int> items;
  void push(int item) { items.push_back(item); }
  std::optional<int> pop() { return taken_from_back(items); }
  std::vector<int> pop_two() {
    std::vector<int> both;
    while (both.size() < 2 && !items.empty()) both.push_back(*pop());
    return both;
  }
  int size() { return static_cast<int>(items.size()); }
};

struct NumbersModel {
  int given = 0;
  int next() { return given++; }
};

struct PairModel {
  int number = 0;
  void write(int other) { number = other; }
  std::pair<int, int> read() { return {number, number}; }
};

// `more`: whatever else stands beside the operations.
template <class C, class... More>
generate::Vocabulary queue(const More&... more) {
  using namespace linearize::words;
  return linearize::vocabulary_of<C, QueueModel>(
      "Queue", operation("put", &C::put, &QueueModel::put, gen::unique()),
      operation("get", &C::get, &QueueModel::get), more...);
}

// One producer, one consumer.
template <class C, class... More>
generate::Vocabulary pipe(const More&... more) {
  using namespace linearize::words;
  return linearize::vocabulary_of<C, QueueModel>(
      "Queue", operation("put", &C::put, &QueueModel::put, gen::unique()).by("producer"),
      operation("get", &C::get, &QueueModel::get).by("consumer"), more...);
}

template <class C, class... More>
generate::Vocabulary stack(const More&... more) {
  using namespace linearize::words;
  return linearize::vocabulary_of<C, StackModel>(
      "Stack", operation("push", &C::push, &StackModel::push, gen::unique()),
      operation("pop", &C::pop, &StackModel::pop), more...);
}

template <class C, class... More>
generate::Vocabulary numbers(const More&... more) {
  using namespace linearize::words;
  return linearize::vocabulary_of<C, NumbersModel>(
      "Numbers", operation("next", &C::next, &NumbersModel::next), more...);
}

}  // namespace weft::linearizable
