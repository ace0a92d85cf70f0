// Queues, with their models.
#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "scenarios/specimens/linearizable/queues.h"
#include "scenarios/specimens/linearizable/waits.h"
#include "stress/linearize/front.h"
#include "stress/specimens/linearizable/models.h"
#include "stress/specimens/linearizable/row.h"

namespace weft::linearizable {
namespace {

using namespace scenarios::specimens::linearizable;
using namespace linearize::words;
using generate::Vocabulary;
using linearize::not_enabled;
using linearize::vocabulary_of;
using linearize::Waits;

struct BoundedModel {
  std::deque<int> items;
  bool put(int item) {
    if (items.size() == Items::kRoom) return false;
    items.push_back(item);
    return true;
  }
  std::optional<int> get() { return taken_from_front(items); }
};

template <class C>
Vocabulary bounded() {
  return vocabulary_of<C, BoundedModel>(
      "Queue", operation("put", &C::put, &BoundedModel::put, gen::unique()),
      operation("get", &C::get, &BoundedModel::get));
}

struct ClosableModel {
  std::vector<int> items;
  bool closed = false;
  bool put(int item) {
    if (closed) return false;
    items.push_back(item);
    return true;
  }
  std::vector<int> close() {
    closed = true;
    return std::exchange(items, {});
  }
};

template <class C>
Vocabulary closable() {
  return vocabulary_of<C, ClosableModel>(
      "Queue", operation("put", &C::put, &ClosableModel::put, gen::unique()),
      operation("close", &C::close, &ClosableModel::close));
}

struct WaitingModel {
  std::deque<int> items;
  void put(int item) { items.push_back(item); }
  Waits<int> get() {
    if (const auto item = taken_from_front(items)) return *item;
    return not_enabled;
  }
};

template <class C>
Vocabulary waiting() {
  return vocabulary_of<C, WaitingModel>(
      "Queue", operation("put", &C::put, &WaitingModel::put, gen::unique()),
      operation("get", &C::get, &WaitingModel::get));
}

struct TransferModel {
  std::size_t items = 0;
  void put(int) { ++items; }
  void move() {}
  std::size_t size() { return items; }
};

template <class C>
Vocabulary transfer() {
  return vocabulary_of<C, TransferModel>(
      "Transfer", operation("put", &C::put, &TransferModel::put, gen::unique()),
      operation("move", &C::move, &TransferModel::move),
      operation("size", &C::size, &TransferModel::size));
}

struct DequeModel {
  std::deque<int> items;
  void push(int item) { items.push_back(item); }
  std::optional<int> pop() { return taken_from_back(items); }
  std::optional<int> steal() { return taken_from_front(items); }
};

template <class C>
Vocabulary deque() {
  return vocabulary_of<C, DequeModel>(
      "Deque", operation("push", &C::push, &DequeModel::push, gen::unique()).by("owner"),
      operation("pop", &C::pop, &DequeModel::pop).by("owner"),
      operation("steal", &C::steal, &DequeModel::steal));
}

constexpr Row kRows[] = {
    {"SharedSlot", 4, queue<SharedSlot<false>>, queue<SharedSlot<true>>},
    {"SharedHead", 3, queue<SharedHead<false>>, queue<SharedHead<true>>},
    {"TailFirst", 2, pipe<TailFirst<false>>, pipe<TailFirst<true>>},
    {"Gap", 3, queue<Gap<false>>, queue<Gap<true>>},
    {"OneTooMany", 3, bounded<OneTooMany<false>>, bounded<OneTooMany<true>>},
    {"RoomSeenOutside", 3, bounded<RoomSeenOutside<false>>, bounded<RoomSeenOutside<true>>},
    {"ClosedMeanwhile", 2, closable<ClosedMeanwhile<false>>, closable<ClosedMeanwhile<true>>},
    {"WakesAtFirst", 4, waiting<WakesAtFirst<false>>, waiting<WakesAtFirst<true>>},
    {"LooksOnce", 1, waiting<LooksOnce<false>>, waiting<LooksOnce<true>>},
    {"Transfer", 3, transfer<Transfer<false>>, transfer<Transfer<true>>},
    {"LastItemTwice", 3, deque<LastItemTwice<false>>, deque<LastItemTwice<true>>},
};

const AddedRows added(kRows);

}  // namespace

}  // namespace weft::linearizable
