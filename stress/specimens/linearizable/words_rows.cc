// Counters, registers and flags, with their models.
#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "scenarios/specimens/linearizable/words.h"
#include "stress/linearize/front.h"
#include "stress/specimens/linearizable/models.h"
#include "stress/specimens/linearizable/row.h"

namespace weft::linearizable {
namespace {

using namespace scenarios::specimens::linearizable;
using namespace linearize::words;
using generate::Vocabulary;
using linearize::vocabulary_of;

struct CounterModel {
  int count = 0;
  void add(int number) { count += number; }
  int value() { return count; }
};

template <class C>
Vocabulary counter() {
  return vocabulary_of<C, CounterModel>(
      "Counter", operation("add", &C::add, &CounterModel::add, gen::inRange(1, 4)),
      operation("value", &C::value, &CounterModel::value));
}

struct TallyModel {
  int count = 0;
  void add() { ++count; }
  int take() { return std::exchange(count, 0); }
};

template <class C>
Vocabulary tally() {
  return vocabulary_of<C, TallyModel>("Tally", operation("add", &C::add, &TallyModel::add),
                                      operation("take", &C::take, &TallyModel::take));
}

template <class C>
Vocabulary pair() {
  return vocabulary_of<C, PairModel>(
      "Pair", operation("write", &C::write, &PairModel::write, gen::inRange(1, 4)),
      operation("read", &C::read, &PairModel::read));
}

struct RegisterModel {
  int number = 0;
  void write(int other) { number = other; }
  int read() { return number; }
};

template <class C>
Vocabulary copies() {
  return vocabulary_of<C, RegisterModel>(
      "Copies",
      operation("write", &C::write, &RegisterModel::write, gen::inRange(1, 4)).by("writer"),
      operation("read", &C::read, &RegisterModel::read));
}

struct HighestModel {
  int number = 0;
  void raise(int other) { number = std::max(number, other); }
  int value() { return number; }
};

template <class C>
Vocabulary highest() {
  return vocabulary_of<C, HighestModel>(
      "Highest", operation("raise", &C::raise, &HighestModel::raise, gen::inRange(1, 4)),
      operation("value", &C::value, &HighestModel::value));
}

struct WordModel {
  int number = 0;
  bool change(int from, int to) {
    if (number != from) return false;
    number = to;
    return true;
  }
  int read() { return number; }
};

template <class C>
Vocabulary word() {
  return vocabulary_of<C, WordModel>(
      "Word",
      operation("change", &C::change, &WordModel::change, gen::inRange(0, 3), gen::inRange(0, 3)),
      operation("read", &C::read, &WordModel::read));
}

struct SnapshotModel {
  std::array<int, 2> numbers = {};
  void write(int place, int number) { numbers[static_cast<std::size_t>(place)] = number; }
  std::array<int, 2> all() { return numbers; }
};

template <class C>
Vocabulary snapshot() {
  return vocabulary_of<C, SnapshotModel>(
      "Snapshot",
      operation("write", &C::write, &SnapshotModel::write, gen::inRange(0, 2), gen::inRange(1, 4)),
      operation("all", &C::all, &SnapshotModel::all));
}

struct BellModel {
  bool rings = false;
  void ring() { rings = true; }
  bool hear() { return std::exchange(rings, false); }
};

template <class C>
Vocabulary bell() {
  return vocabulary_of<C, BellModel>("Bell", operation("ring", &C::ring, &BellModel::ring),
                                     operation("hear", &C::hear, &BellModel::hear));
}

struct LazyModel {
  int number = 0;
  int get(int mine) {
    if (number == 0) number = mine;
    return number;
  }
};

template <class C>
Vocabulary lazy() {
  return vocabulary_of<C, LazyModel>(
      "Lazy", operation("get", &C::get, &LazyModel::get, gen::inRange(1, 5)));
}

constexpr Row kRows[] = {
    {"Counter", 3, counter<Counter<false>>, counter<Counter<true>>},
    {"Tally", 3, tally<Tally<false>>, tally<Tally<true>>},
    {"Numbers", 2, numbers<Numbers<false>>, numbers<Numbers<true>>},
    {"Pair", 2, pair<Pair<false>>, pair<Pair<true>>},
    {"Copies", 3, copies<Copies<false>>, copies<Copies<true>>},
    {"Highest", 3, highest<Highest<false>>, highest<Highest<true>>},
    {"Word", 2, word<Word<false>>, word<Word<true>>},
    {"Snapshot", 3, snapshot<Snapshot<false>>, snapshot<Snapshot<true>>},
    {"Bell", 3, bell<Bell<false>>, bell<Bell<true>>},
    {"Lazy", 2, lazy<Lazy<false>>, lazy<Lazy<true>>},
};

const AddedRows added(kRows);

}  // namespace

}  // namespace weft::linearizable
