#include "stress/linearize/judge.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "stress/linearize/histories_for_test.h"
#include "stress/linearize/model.h"
#include "stress/run/random.h"

namespace weft::linearize {
namespace {

struct Cell {
  std::int64_t value = 0;
  void write(std::int64_t to) { value = to; }
  std::int64_t read() const { return value; }
  bool cas(std::int64_t from, std::int64_t to) {
    if (value != from) return false;
    value = to;
    return true;
  }
};

struct Fifo {
  std::vector<std::int64_t> items;
  void push(std::int64_t item) { items.push_back(item); }
  Waits<std::int64_t> pop() {
    if (items.empty()) return not_enabled;
    return take();
  }
  std::optional<std::int64_t> try_pop() {
    if (items.empty()) return std::nullopt;
    return take();
  }
  std::int64_t size() const { return static_cast<std::int64_t>(items.size()); }
  std::int64_t take() {
    const std::int64_t item = items.front();
    items.erase(items.begin());
    return item;
  }
};

// All of its states have one hash.
struct CollidingFifo : Fifo {
  std::size_t hash() const { return 7; }
  friend bool operator==(const CollidingFifo& a, const CollidingFifo& b) {
    return a.items == b.items;
  }
};

// Waits enter a line; each notify lets the first go. A lock beside it may fail for no reason.
struct Line {
  std::vector<unsigned> waiting;
  std::set<unsigned> woken;
  bool held = false;
  Waits<> wait(const Turn& turn) {
    if (turn.step == 0) {
      waiting.push_back(turn.thread);
      return entered;
    }
    if (woken.erase(turn.thread) == 0) return not_enabled;
    return done;
  }
  std::int64_t notify() {
    if (waiting.empty()) return 0;
    woken.insert(waiting.front());
    waiting.erase(waiting.begin());
    return 1;
  }
  bool try_lock(const Turn& turn) {
    if (saw(turn, false)) return false;
    return !std::exchange(held, true);
  }
  Gives<> unlock() {
    if (!std::exchange(held, false)) return throws("RuntimeError");
    return done;
  }
};

// Nothing in common between the keys.
struct Cells {
  std::map<std::int64_t, Cell> cells;
  void write(std::int64_t key, std::int64_t to) { cells[key].value = to; }
  std::int64_t read(std::int64_t key) const {
    const auto found = cells.find(key);
    return found == cells.end() ? 0 : found->second.value;
  }
  bool cas(std::int64_t key, std::int64_t from, std::int64_t to) {
    return cells[key].cas(from, to);
  }
  static std::optional<Value> part(std::string_view, std::span<const Value> arguments) {
    return arguments[0];
  }
};

const ModelOf<Cell>& cell() {
  static const auto model = ModelOf<Cell>("Cell")
                                .operation("write", &Cell::write)
                                .operation("read", &Cell::read)
                                .operation("cas", &Cell::cas);
  return model;
}
const ModelOf<Fifo>& fifo() {
  static const auto model = ModelOf<Fifo>("Fifo")
                                .operation("push", &Fifo::push)
                                .operation("pop", &Fifo::pop)
                                .operation("try_pop", &Fifo::try_pop)
                                .operation("size", &Fifo::size);
  return model;
}
const ModelOf<CollidingFifo>& colliding_fifo() {
  static const auto model = ModelOf<CollidingFifo>("CollidingFifo")
                                .operation("push", &Fifo::push)
                                .operation("pop", &Fifo::pop)
                                .operation("try_pop", &Fifo::try_pop)
                                .operation("size", &Fifo::size);
  return model;
}
const ModelOf<Line>& line() {
  static const auto model = ModelOf<Line>("Line")
                                .operation("wait", &Line::wait)
                                .operation("notify", &Line::notify)
                                .operation("try_lock", &Line::try_lock)
                                .operation("unlock", &Line::unlock);
  return model;
}
const ModelOf<Cells>& cells() {
  static const auto model = ModelOf<Cells>("Cells")
                                .operation("write", &Cells::write)
                                .operation("read", &Cells::read)
                                .operation("cas", &Cells::cas);
  return model;
}

Operation call(unsigned function, std::vector<Value> arguments = {}) {
  return {.function = function, .arguments = std::move(arguments)};
}

struct Case {
  const Specification& specification;
  std::function<Operation(Random&)> draw;
};

std::vector<Case> cases() {
  const auto number = [](Random& random) { return Value(random.between(0, 2)); };
  const auto queue = [=](Random& random) {
    const auto function = static_cast<unsigned>(random.below(5)) % 4;
    return function == 0 ? call(0, {number(random)}) : call(function);
  };
  return {
      {cell(),
       [=](Random& random) {
         const auto function = static_cast<unsigned>(random.below(3));
         if (function == 0) return call(0, {number(random)});
         if (function == 1) return call(1);
         return call(2, {number(random), number(random)});
       }},
      {fifo(), queue},
      {colliding_fifo(), queue},
      {line(), [](Random& random) { return call(static_cast<unsigned>(random.below(4))); }},
      {cells(),
       [=](Random& random) {
         const auto function = static_cast<unsigned>(random.below(3));
         if (function == 0) return call(0, {number(random), number(random)});
         if (function == 1) return call(1, {number(random)});
         return call(2, {number(random), number(random), number(random)});
       }},
  };
}

// How many of each verdict; so that neither is rare.
struct Tally {
  unsigned good = 0;
  unsigned bad = 0;
};

void compare(const Case& kind, bool damaged, bool forgetting, Tally& tally) {
  Judge judge(kind.specification);
  for (std::uint64_t seed = 0; seed < 700; ++seed) {
    Random random(seed_of({seed, damaged, forgetting}));
    History history = random_history(kind.specification, random,
                                     {.threads = static_cast<unsigned>(random.between(1, 4)),
                                      .operations = 3,
                                      .draw = kind.draw,
                                      .killed_percent = 25});
    if (damaged) damage(history, random);
    if (forgetting) forget(history, random);
    if (!forgetting && random.chance(1, 2)) order_by_time(history);
    const bool good = has_order(kind.specification, history);
    if (!damaged) {
      ASSERT_TRUE(good) << seed;
    }
    ++(good ? tally.good : tally.bad);
    const Verdict verdict = good ? Verdict::kLinearizable : Verdict::kViolated;
    ASSERT_EQ(judge.verdict(history), verdict) << kind.specification.name() << " seed " << seed;
    const Judgement judgement = judge.judge(history);
    ASSERT_EQ(judgement.verdict, verdict) << kind.specification.name() << " seed " << seed;
    expect_sound(kind.specification, history, judgement);
    ASSERT_FALSE(testing::Test::HasFailure()) << kind.specification.name() << " seed " << seed;
  }
}

TEST(Judge, AllowsWhatAModelDid) {
  for (const Case& kind : cases()) {
    Tally tally;
    compare(kind, false, false, tally);
  }
}

TEST(Judge, SaysOfDamagedHistoriesWhatTheTwinSays) {
  for (const Case& kind : cases()) {
    Tally tally;
    compare(kind, true, false, tally);
    EXPECT_GT(tally.good, 100u) << kind.specification.name();
    EXPECT_GT(tally.bad, 100u) << kind.specification.name();
  }
}

TEST(Judge, SaysOfPartialOrdersWhatTheTwinSays) {
  for (const Case& kind : cases()) {
    Tally tally;
    compare(kind, false, true, tally);
    compare(kind, true, true, tally);
    EXPECT_GT(tally.bad, 80u) << kind.specification.name();
  }
}

History timed(std::vector<std::vector<Operation>> threads) { return {std::move(threads)}; }
Operation at(Operation operation, Value result, std::uint64_t invoked, std::uint64_t returned) {
  operation.result = std::move(result);
  operation.invoked = invoked;
  operation.returned = returned;
  return operation;
}
Operation open(Operation operation, End end, std::uint64_t invoked) {
  operation.end = end;
  operation.invoked = invoked;
  return operation;
}

TEST(Judge, SaysHowFarItGoesAndWhyNotOn) {
  const History history = timed({{at(call(0, {1}), {}, 1, 2), at(call(0, {2}), {}, 3, 4)},
                                 {at(call(1), 2, 5, 6), at(call(1), 1, 7, 8)}});
  const Judgement judgement = judge(fifo(), history);
  EXPECT_EQ(judgement.verdict, Verdict::kViolated);
  EXPECT_EQ(judgement.order, (std::vector<Place>{{0, 0}, {0, 1}}));
  EXPECT_EQ(judgement.state, "[[1, 2]]");
  ASSERT_EQ(judgement.refusals.size(), 1u);
  EXPECT_EQ(judgement.refusals[0].place, (Place{1, 0}));
  EXPECT_EQ(judgement.refusals[0].why, Refusal::kResult);
  EXPECT_EQ(judgement.refusals[0].model, Value(1));
}

TEST(Judge, AWaitIsRightOnlyIfNothingLetsItGoOn) {
  History history = timed({{open(call(1), End::kBlocked, 1)}, {at(call(0, {7}), {}, 2, 3)}});
  Judgement judgement = judge(fifo(), history);
  EXPECT_EQ(judgement.verdict, Verdict::kViolated);
  ASSERT_EQ(judgement.refusals.size(), 1u);
  EXPECT_EQ(judgement.refusals[0].why, Refusal::kEnabled);
  EXPECT_EQ(judgement.refusals[0].model, Value(7));
  history.threads[0][0].end = End::kPending;
  EXPECT_EQ(judge(fifo(), history).verdict, Verdict::kLinearizable);
  history.threads.push_back({at(call(1), 7, 4, 5)});
  EXPECT_EQ(judge(fifo(), history).verdict, Verdict::kLinearizable);
  history.threads[0][0].end = End::kBlocked;
  EXPECT_EQ(judge(fifo(), history).verdict, Verdict::kLinearizable);
}

// Store buffering: each part by itself is all right.
TEST(Judge, PartsThatFitAloneMayNotFitTogether) {
  History history{{{call(0, {0, 1}), call(1, {1})}, {call(0, {1, 1}), call(1, {0})}}};
  history.threads[0][1].result = 0;
  history.threads[1][1].result = 0;
  history.known = {{{0, 0}, {1, 0}}, {{0, 0}, {0, 1}}};
  EXPECT_EQ(judge(cells(), history).verdict, Verdict::kViolated);
  EXPECT_EQ(Judge(cells()).verdict(history), Verdict::kViolated);
  history.threads[1][1].result = 1;
  EXPECT_EQ(judge(cells(), history).verdict, Verdict::kLinearizable);
}

TEST(Judge, NamesThePartThatIsWrong) {
  const History history = timed({{at(call(0, {5, 1}), {}, 1, 2), at(call(0, {6, 1}), {}, 3, 4)},
                                 {at(call(1, {5}), 1, 5, 6), at(call(1, {6}), 2, 7, 8)}});
  const Judgement judgement = judge(cells(), history);
  EXPECT_EQ(judgement.verdict, Verdict::kViolated);
  EXPECT_EQ(judgement.part, Value(6));
  EXPECT_EQ(judgement.order, (std::vector<Place>{{0, 1}}));
}

// So many calls at once that the search has no end in sight.
History wide(unsigned threads) {
  History history;
  for (unsigned thread = 0; thread < threads; ++thread) {
    history.threads.push_back({at(call(0, {thread}), {}, 1, 3), at(call(0, {thread}), {}, 4, 5)});
  }
  history.threads.push_back({at(call(2), Value(-1), 6, 7)});
  return history;
}

TEST(Judge, BeyondALimitIsUndecided) {
  EXPECT_EQ(judge(fifo(), wide(3)).verdict, Verdict::kViolated);
  const Judgement few = judge(fifo(), wide(9), {.configurations = 5000});
  EXPECT_EQ(few.verdict, Verdict::kUndecided);
  EXPECT_LE(few.configurations, 5001u);
  EXPECT_FALSE(few.order.empty());
  EXPECT_EQ(judge(fifo(), wide(9), {.seconds = 0}).verdict, Verdict::kUndecided);
}

TEST(Judge, IsNotMisledByTheHistoryBefore) {
  Judge judge(fifo());
  EXPECT_EQ(judge.verdict(wide(4)), Verdict::kViolated);
  const History good = timed({{at(call(0, {1}), {}, 1, 2)}, {at(call(1), 1, 3, 4)}, {}});
  EXPECT_EQ(judge.verdict(good), Verdict::kLinearizable);
  EXPECT_EQ(judge.verdict(wide(4)), Verdict::kViolated);
  EXPECT_EQ(judge.verdict({}), Verdict::kLinearizable);
}

TEST(Judge, RefusesWhatIsNoHistory) {
  const auto refused = [](History history) { EXPECT_THROW(judge(fifo(), history), ValueError); };
  refused(timed({{at(call(9), {}, 1, 2)}}));
  refused(timed({{at(call(0), {}, 1, 2)}}));
  refused(timed({{at(call(0, {1}), {}, 2, 1)}}));
  const auto known = [&](std::vector<std::vector<std::vector<std::uint32_t>>> known) {
    History history{{{call(3), call(3)}, {call(3), call(3)}}};
    history.known = std::move(known);
    refused(history);
  };
  known({{{0, 0}, {1, 0}}});
  known({{{0, 0}}, {{0, 0}, {0, 1}}});
  known({{{0}, {0}}, {{0}, {0}}});
  known({{{0, 0}, {1, 3}}, {{0, 0}, {0, 1}}});
  known({{{0, 1}, {1, 0}}, {{0, 0}, {0, 1}}});
  known({{{0, 1}, {1, 1}}, {{1, 0}, {1, 1}}});
}

}  // namespace
}  // namespace weft::linearize
