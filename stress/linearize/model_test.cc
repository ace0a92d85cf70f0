#include "stress/linearize/model.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <queue>
#include <set>
#include <stack>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "primitives/base/errors.h"
#include "stress/linearize/history.h"

namespace weft::linearize {
namespace {

enum class Colour { kRed, kBlue = 7 };
struct Point {
  int x = 0;
  int y = 0;
};
struct Line {
  Point from;
  std::optional<Point> to;
  std::vector<int> dashes;
};
class Money {
 public:
  explicit Money(std::int64_t cents) : cents_(cents) {}
  std::int64_t cents() const { return cents_; }

 private:
  std::int64_t cents_;
};

}  // namespace

template <>
struct Conversion<Money> {
  static Value to(const Money& money) { return money.cents(); }
  static Money from(const Value& value) { return Money(from_value<std::int64_t>(value)); }
};

namespace {

template <class T>
std::string there_and_back(const T& object) {
  const Value value = to_value(object);
  EXPECT_EQ(to_value(from_value<T>(value)), value) << value.text();
  return value.text();
}

TEST(Value, GoesThereAndBack) {
  EXPECT_EQ(there_and_back(true), "true");
  EXPECT_EQ(there_and_back(std::int8_t{-5}), "-5");
  EXPECT_EQ(there_and_back(~std::uint64_t{0}), "-1");
  EXPECT_EQ(there_and_back(1.0), "1.0");
  EXPECT_EQ(there_and_back(0.1), "0.1");
  EXPECT_EQ(there_and_back(1e300), "1e+300");
  EXPECT_EQ(there_and_back(std::string("a\"b")), R"("a\"b")");
  EXPECT_EQ(to_value("word").text(), "\"word\"");
  EXPECT_EQ(there_and_back(std::optional<int>()), "null");
  EXPECT_EQ(there_and_back(std::optional<int>(3)), "3");
  EXPECT_EQ(there_and_back(std::pair<int, std::string>(1, "x")), R"([1, "x"])");
  EXPECT_EQ(there_and_back(std::tuple<int, bool, double>(1, false, 2.5)), "[1, false, 2.5]");
  EXPECT_EQ(there_and_back(std::map<int, std::string>{{1, "a"}, {2, "b"}}),
            R"([[1, "a"], [2, "b"]])");
  EXPECT_EQ(there_and_back(std::set<std::string>{"b", "a"}), R"(["a", "b"])");
  EXPECT_EQ(there_and_back(std::array<int, 2>{4, 5}), "[4, 5]");
  EXPECT_EQ(there_and_back(std::vector<bool>{true, false}), "[true, false]");
  EXPECT_EQ(there_and_back(Colour::kBlue), "7");
  EXPECT_EQ(there_and_back(Line{{1, 2}, Point{3, 4}, {5}}), "[[1, 2], [3, 4], [5]]");
  EXPECT_EQ(there_and_back(Money(250)), "250");
}

TEST(Value, OfAnotherKindIsRefused) {
  EXPECT_THROW(from_value<bool>(Value(1)), ValueError);
  EXPECT_THROW(from_value<int>(Value(true)), ValueError);
  EXPECT_THROW(from_value<int>(Value(1.0)), ValueError);
  EXPECT_THROW(from_value<double>(Value(1)), ValueError);
  EXPECT_THROW(from_value<std::int8_t>(Value(200)), ValueError);
  EXPECT_THROW(from_value<std::string>(Value()), ValueError);
  EXPECT_THROW(from_value<Point>(Value(Value::List{1, 2, 3})), ValueError);
  EXPECT_THROW(from_value<std::vector<int>>(Value(3)), ValueError);
}

TEST(Value, IsEqualToItsLikeAlone) {
  const Value different[] = {Value(),
                             Value(false),
                             Value(0),
                             Value(1),
                             Value(1.0),
                             Value("1"),
                             Value("throws"),
                             Value(Value::List{}),
                             Value(Value::List{Value()}),
                             Value(Value::List{1, 0}),
                             Value(Value::List{0, 1}),
                             Value("QueueFull"),
                             thrown("QueueFull")};
  for (const Value& a : different) {
    for (const Value& b : different) {
      EXPECT_EQ(a == b, &a == &b) << a.text() << b.text();
      EXPECT_EQ(a.hash() == b.hash(), &a == &b) << a.text() << b.text();
    }
  }
  EXPECT_EQ(Value(0.0).hash(), Value(-0.0).hash());
}

TEST(Thrown, HasTheTypesNameWithoutItsNamespace) {
  const auto name_of = [](const auto& error) {
    try {
      throw error;
    } catch (...) {
      return thrown_now();
    }
  };
  EXPECT_EQ(name_of(QueueFull("x")), thrown("QueueFull"));
  EXPECT_EQ(name_of(std::runtime_error("x")), thrown("runtime_error"));
  EXPECT_EQ(name_of(7), thrown("int"));
}

TEST(Members, CountThemAll) {
  struct None {};
  struct Mixed {
    int plain;
    int array[3];
    std::vector<int> vector;
    std::optional<std::string> optional;
    Point point;
  };
  EXPECT_EQ(internal::member_count<None>(), 0u);
  EXPECT_EQ(internal::member_count<Point>(), 2u);
  EXPECT_EQ(internal::member_count<Mixed>(), 5u);
  struct Most {
    int a, b, c, d, e, f, g, h, i, j, k, l;
  };
  EXPECT_EQ(internal::member_count<Most>(), 12u);
}

struct Everything {
  bool truth = false;
  int array[2] = {1, 2};
  double real = 0.5;
  std::string text = "t";
  std::deque<Point> points = {{1, 2}};
  std::map<std::string, std::vector<int>> map = {{"k", {1}}};
  std::unordered_map<int, Point> hashed = {{1, {2, 3}}, {4, {5, 6}}};
  std::unordered_set<int> set = {1, 2, 3};
  std::variant<int, Point> variant = 1;
  std::priority_queue<int> heap = {};
  std::tuple<int, Point> tuple = {};
  std::pair<std::stack<int>, std::optional<int>> pair = {};
};

TEST(Members, OfEveryKindAreComparedAndHashed) {
  const Everything same;
  EXPECT_TRUE(internal::equal(same, Everything()));
  EXPECT_EQ(internal::hash_of(same), internal::hash_of(Everything()));
  const std::vector<void (*)(Everything&)> changes = {
      [](Everything& e) { e.truth = true; },
      [](Everything& e) { e.array[1] = 1; },
      [](Everything& e) { e.real = 1; },
      [](Everything& e) { e.text = ""; },
      [](Everything& e) { e.points[0].y = 0; },
      [](Everything& e) { e.points.push_back({}); },
      [](Everything& e) { e.map["k"].push_back(0); },
      [](Everything& e) { e.map["l"]; },
      [](Everything& e) { e.hashed[4].x = 0; },
      [](Everything& e) { e.set.insert(4); },
      [](Everything& e) { e.set.extract(3), e.set.insert(5); },
      [](Everything& e) { e.variant = 2; },
      [](Everything& e) { e.variant = Point{}; },
      [](Everything& e) { e.heap.push(0); },
      [](Everything& e) { std::get<1>(e.tuple).y = 1; },
      [](Everything& e) { e.pair.first.push(0); },
      [](Everything& e) { e.pair.second = 0; },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Everything other;
    changes[i](other);
    EXPECT_FALSE(internal::equal(same, other)) << i;
    EXPECT_NE(internal::hash_of(same), internal::hash_of(other)) << i;
  }
}

TEST(Members, OfAHashTableHaveNoOrder) {
  std::unordered_set<int> up, down;
  for (int i = 0; i < 100; ++i) up.insert(i);
  for (int i = 99; i >= 0; --i) down.insert(i);
  EXPECT_TRUE(internal::equal(up, down));
  EXPECT_EQ(internal::hash_of(up), internal::hash_of(down));
}

struct Slot {
  std::optional<int> held;
  std::vector<unsigned> line;

  Waits<> put(int item) {
    if (held) return not_enabled;
    held = item;
    return done;
  }
  Waits<int> take() {
    if (!held) return not_enabled;
    return *std::exchange(held, std::nullopt);
  }
  Gives<int> take_nowait() {
    if (!held) return throws("QueueEmpty");
    return *std::exchange(held, std::nullopt);
  }
  bool empty() const { return !held; }
  std::string join(const std::string& a, const Value& b) const { return a + b.text(); }
  int fail(int code) {
    held = code;
    throw QueueFull("x");
  }
  Waits<> wait(const Turn& turn) {
    if (turn.step == 0) {
      line.push_back(turn.thread);
      return entered;
    }
    if (!line.empty()) return not_enabled;
    return done;
  }
  // May say no for no reason.
  bool try_put(const Turn& turn, int item) {
    if (saw(turn, false)) return false;
    return !std::exchange(held, item);
  }
};

class Typed : public testing::Test {
 protected:
  static ModelOf<Slot> make() {
    return ModelOf<Slot>("Slot")
        .operation("put", &Slot::put)
        .operation("take", &Slot::take)
        .operation("take_nowait", &Slot::take_nowait)
        .operation("empty", &Slot::empty)
        .operation("join", &Slot::join)
        .operation("fail", &Slot::fail)
        .operation("wait", &Slot::wait)
        .operation("try_put", &Slot::try_put)
        .operation("plus", [](const Slot& s, int x) { return s.held.value_or(0) + x; })
        .operation("clear", [](Slot& s) { s.held.reset(); })
        .operation("open", [](Slot& s, const Turn& turn) { std::erase(s.line, turn.thread); });
  }
  Step step(std::string_view function, std::vector<Value> arguments = {},
            std::optional<Value> seen = {}, unsigned step = 0, unsigned thread = 5) {
    const auto names = model_.functions();
    const auto at = std::find(names.begin(), names.end(), function) - names.begin();
    const Turn turn{static_cast<unsigned>(at), thread, arguments, step, seen ? &*seen : nullptr};
    return model_.step(&state_, turn);
  }

  const ModelOf<Slot> model_ = make();
  Slot state_;
};

TEST_F(Typed, StepsGiveWhatTheFunctionsReturn) {
  EXPECT_EQ(step("take").kind, Step::kBlocked);
  EXPECT_EQ(step("take_nowait").result, thrown("QueueEmpty"));
  EXPECT_EQ(step("empty").result, Value(true));
  const Step put = step("put", {3});
  EXPECT_EQ(put.kind, Step::kDone);
  EXPECT_TRUE(put.result.is_nothing());
  EXPECT_EQ(state_.held, 3);
  EXPECT_EQ(step("plus", {4}).result, Value(7));
  EXPECT_EQ(step("put", {3}).kind, Step::kBlocked);
  EXPECT_EQ(step("take").result, Value(3));
  EXPECT_EQ(step("join", {"a", 1}).result, Value("a1"));
  EXPECT_EQ(step("fail", {1}).result, thrown("QueueFull"));
  step("clear");
  EXPECT_EQ(step("try_put", {1}).result, Value(true));
  EXPECT_EQ(model_.text(&state_), "[1, []]");
}

TEST_F(Typed, WhatWasSeenIsFollowedOrRefused) {
  state_.held = 3;
  const Step refused = step("take", {}, 4);
  EXPECT_EQ(refused.kind, Step::kRefused);
  EXPECT_EQ(refused.result, Value(3));
  EXPECT_EQ(state_.held, 3) << "a refused step leaves the state alone";
  EXPECT_EQ(step("take", {}, 3).kind, Step::kDone);
  EXPECT_EQ(step("try_put", {1}, false).kind, Step::kDone);
  EXPECT_FALSE(state_.held);
  EXPECT_EQ(step("try_put", {1}, true).kind, Step::kDone);
  EXPECT_EQ(step("try_put", {1}, true).kind, Step::kRefused);
}

TEST_F(Typed, AWaitTakesItsSteps) {
  EXPECT_EQ(step("wait").kind, Step::kEntered);
  EXPECT_EQ(step("wait", {}, {}, 1).kind, Step::kBlocked);
  EXPECT_EQ(step("open").kind, Step::kDone);
  EXPECT_EQ(step("wait", {}, {}, 1).kind, Step::kDone);
}

TEST_F(Typed, WrongArgumentsAreAnErrorAndNoResult) {
  EXPECT_THROW(step("put"), ValueError);
  EXPECT_THROW(step("put", {"x"}), ValueError);
  EXPECT_THROW(step("join", {1, 1}), ValueError);
}

Operation returned(std::uint64_t invoked, std::uint64_t at) {
  return {.invoked = invoked, .returned = at};
}

TEST(History, TimesSayWhatCameBefore) {
  History history{{{returned(1, 3), returned(4, 9)}, {returned(2, 5), returned(6, 7)}}};
  history.threads[1].push_back({.end = End::kPending, .invoked = 10});
  order_by_time(history);
  EXPECT_EQ(history.known[0][1], (std::vector<std::uint32_t>{1, 0}));
  EXPECT_EQ(history.known[1][0], (std::vector<std::uint32_t>{0, 0}));
  EXPECT_EQ(history.known[1][1], (std::vector<std::uint32_t>{1, 1}));
  EXPECT_EQ(history.known[1][2], (std::vector<std::uint32_t>{2, 2}));
}

TEST(History, OneThatCannotBeIsRefused) {
  const auto refused = [](std::vector<Operation> thread) {
    History history{{std::move(thread)}};
    EXPECT_THROW(order_by_time(history), ValueError);
  };
  refused({returned(3, 2)});
  refused({returned(1, 4), returned(3, 5)});
  refused({returned(1, Operation::kNever)});
  refused({{.end = End::kPending, .invoked = 1}, returned(3, 5)});
  refused({{.end = End::kBlocked, .invoked = 1, .returned = 2}});
}

}  // namespace
}  // namespace weft::linearize
