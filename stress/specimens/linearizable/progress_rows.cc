// Objects that say how far their calls come, with their models: right in what they return.
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "scenarios/specimens/linearizable/progress.h"
#include "stress/linearize/front.h"
#include "stress/specimens/linearizable/row.h"

namespace weft::linearizable {
namespace {

using namespace scenarios::specimens::linearizable;
using namespace linearize::words;
using generate::Vocabulary;
using linearize::vocabulary_of;

struct QueueModel {
  std::deque<int> items;
  void put(int item) { items.push_back(item); }
  std::optional<int> get() {
    if (items.empty()) return std::nullopt;
    const int item = items.front();
    items.pop_front();
    return item;
  }
};

template <class C>
Vocabulary queue() {
  return vocabulary_of<C, QueueModel>("Queue",
                                      operation("put", &C::put, &QueueModel::put, gen::unique()),
                                      operation("get", &C::get, &QueueModel::get), lock_free());
}

// No two threads on either side: lock-free then, and more.
template <class C>
Vocabulary pipe() {
  return vocabulary_of<C, QueueModel>(
      "Queue", operation("put", &C::put, &QueueModel::put, gen::unique()).by("producer"),
      operation("get", &C::get, &QueueModel::get).by("consumer"), lock_free(10));
}

struct StackModel {
  std::vector<int> items;
  void push(int item) { items.push_back(item); }
  std::optional<int> pop() {
    if (items.empty()) return std::nullopt;
    const int item = items.back();
    items.pop_back();
    return item;
  }
};

template <class C>
Vocabulary stack() {
  return vocabulary_of<C, StackModel>("Stack",
                                      operation("push", &C::push, &StackModel::push, gen::unique()),
                                      operation("pop", &C::pop, &StackModel::pop), lock_free());
}

struct PairModel {
  int number = 0;
  void write(int other) { number = other; }
  std::pair<int, int> read() { return {number, number}; }
};

template <class C>
Vocabulary pair() {
  return vocabulary_of<C, PairModel>(
      "Pair", operation("write", &C::write, &PairModel::write, gen::inRange(1, 4)).by("writer"),
      operation("read", &C::read, &PairModel::read), obstruction_free());
}

struct NumbersModel {
  int given = 0;
  int next() { return given++; }
};

template <class C>
Vocabulary numbers() {
  return vocabulary_of<C, NumbersModel>("Numbers", operation("next", &C::next, &NumbersModel::next),
                                        wait_free_within(C::kSteps));
}

constexpr Row kRows[] = {
    {"NobodyHelps", 2, queue<NobodyHelps<false>>, queue<NobodyHelps<true>>},
    {"SpinsOnAFlag", 2, stack<SpinsOnAFlag<false>>, stack<SpinsOnAFlag<true>>},
    {"BehindAMutex", 2, pipe<BehindAMutex<false>>, pipe<BehindAMutex<true>>},
    {"WaitsForTheWriter", 2, pair<WaitsForTheWriter<false>>, pair<WaitsForTheWriter<true>>},
    {"TriesAgain", 3, numbers<TriesAgain<false>>, numbers<TriesAgain<true>>},
};

const AddedRows added(kRows);

}  // namespace

}  // namespace weft::linearizable
