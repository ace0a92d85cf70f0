// The faster ways against the search.
#include "stress/linearize/fast.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "stress/linearize/calls.h"
#include "stress/linearize/convert.h"
#include "stress/linearize/histories_for_test.h"
#include "stress/linearize/judge.h"
#include "stress/linearize/models/catalogue.h"
#include "stress/linearize/search.h"
#include "stress/run/random.h"

namespace weft::linearize {
namespace {

struct Case {
  std::string model;
  std::vector<const char*> functions;  // that are drawn
  bool with_label = false;             // the first of them takes one that no other has
};

const std::vector<Case>& cases() {
  static const std::vector<Case> cases = {
      {"register:0", {"write", "read"}, true},
      {"counter:5", {"increment", "get"}},
      {"lock", {"acquire", "release"}},
      {"lifo_queue", {"put", "get_nowait", "get", "try_get"}, true},
      {"lifo_queue", {"put", "get_nowait"}, true},
      {"lifo_queue", {"put", "get"}, true},
      {"queue", {"put", "get_nowait", "get", "try_get"}, true},
      {"queue", {"put", "get_nowait"}, true},
  };
  return cases;
}

unsigned number_of(const Specification& specification, std::string_view function) {
  unsigned number = 0;
  while (specification.functions()[number] != function) ++number;
  return number;
}

class Drawing {
 public:
  explicit Drawing(const Case& c) : specification_(models::made(c.model)), case_(c) {}

  const Specification& specification() const { return *specification_; }
  History draw(Random& random, unsigned threads, unsigned operations) {
    std::int64_t label = 100;
    Wanted wanted{.threads = threads, .operations = operations, .draw = {}, .killed_percent = 0};
    wanted.draw = [&](Random& r) {
      const std::size_t which = r.below(case_.functions.size());
      Operation operation{.function = number_of(*specification_, case_.functions[which])};
      if (case_.with_label && which == 0) operation.arguments = {label++};
      return operation;
    };
    return random_history(*specification_, random, wanted);
  }

 private:
  const std::unique_ptr<Specification> specification_;
  const Case& case_;
};

Verdict searched(internal::Search& search, const History& history) {
  internal::Calls calls;
  calls.assign(history);
  return search.run(calls, 1'000'000, internal::Search::Clock::time_point::max());
}

std::optional<Verdict> fast(const Specification& specification, const History& history) {
  internal::Calls calls;
  calls.assign(history);
  return internal::fast_verdict(calls, specification.abstraction());
}

// Each thread acquires first, and releases then.
void alternate(History& history) {
  for (auto& thread : history.threads) {
    for (std::size_t i = 0; i < thread.size(); ++i) {
      if (thread[i].end != End::kReturned) {
        thread.resize(i);
        break;
      }
      thread[i].function = i % 2 == 0 ? 0 : 2;
      thread[i].result = {};
    }
  }
}

TEST(Fast, SaysWhatTheSearchSays) {
  for (const Case& c : cases()) {
    Drawing drawing(c);
    internal::Search search(drawing.specification());
    unsigned good = 0, bad = 0;
    for (std::uint64_t seed = 0; seed < 8000; ++seed) {
      Random random(seed);
      History history = drawing.draw(random, static_cast<unsigned>(random.between(2, 4)), 6);
      if (c.model == "lock") alternate(history);
      if (seed % 3 != 0) damage(history, random);
      const auto verdict = fast(drawing.specification(), history);
      if (!verdict) continue;
      ASSERT_EQ(*verdict, searched(search, history)) << c.model << " seed " << seed;
      ++(*verdict == Verdict::kLinearizable ? good : bad);
    }
    EXPECT_GT(good, 1000u) << c.model;
    EXPECT_GT(bad, 250u) << c.model;
  }
}

struct Keyed {
  std::string model;
  std::vector<std::pair<const char*, unsigned>>
      functions;  // with how many arguments, the key first
};

// Both have no way of their own: their keys are judged one by one, each by a short search.
TEST(Fast, SaysOfSetsAndMapsKeyByKeyWhatTheSearchSaysOfAllKeysTogether) {
  const Keyed cases[] = {
      {"set", {{"add", 1}, {"remove", 1}, {"contains", 1}}},
      {"map", {{"put", 2}, {"get", 1}, {"remove", 1}, {"compare_exchange", 3}}},
  };
  for (const Keyed& c : cases) {
    const auto specification = models::made(c.model);
    Judge by_key(*specification);
    internal::Search whole(*specification);
    const auto draw = [&](Random& random) {
      const auto& [function, arguments] = c.functions[random.below(c.functions.size())];
      Operation operation{.function = number_of(*specification, function)};
      for (unsigned i = 0; i < arguments; ++i) operation.arguments.push_back(random.between(0, 2));
      EXPECT_EQ(specification->part(operation.function, operation.arguments),
                operation.arguments.front());
      return operation;
    };
    unsigned good = 0, bad = 0;
    for (std::uint64_t seed = 0; seed < 4000; ++seed) {
      Random random(seed);
      History history = random_history(
          *specification, random,
          {.threads = static_cast<unsigned>(random.between(2, 4)), .operations = 5, .draw = draw});
      if (seed % 3 != 0) damage(history, random);
      const Verdict verdict = searched(whole, history);
      ASSERT_EQ(by_key.verdict(history), verdict) << c.model << " seed " << seed;
      ++(verdict == Verdict::kLinearizable ? good : bad);
    }
    EXPECT_GT(good, 1000u) << c.model;
    EXPECT_GT(bad, 500u) << c.model;
  }
}

// Long ones: the search with little memory gives up, so that the answers come from elsewhere.
TEST(Fast, DecidesLongHistories) {
  for (const Case& c : cases()) {
    if (c.model == "lock") continue;  // random acquires and releases end soon
    Drawing drawing(c);
    Judge judge(drawing.specification(), {.configurations = 2});
    Random random(7);
    History history = drawing.draw(random, 8, 400);
    for (auto& thread : history.threads) {
      if (!thread.empty() && thread.back().end != End::kReturned) thread.pop_back();
    }
    ASSERT_GT(history.size(), 100u);
    EXPECT_EQ(judge.verdict(history), Verdict::kLinearizable) << c.model;
    const Judgement judgement = judge.judge(history);
    EXPECT_EQ(judgement.verdict, Verdict::kLinearizable) << c.model;
    EXPECT_TRUE(judgement.order.empty()) << c.model;
    for (auto& thread : history.threads) {
      for (Operation& operation : thread) {
        if (operation.result.get_if<std::int64_t>() != nullptr) operation.result = 77;
      }
    }
    EXPECT_EQ(judge.verdict(history), Verdict::kViolated) << c.model;
    EXPECT_EQ(judge.judge(history).verdict, Verdict::kViolated) << c.model;
  }
}

// A search alone would try the puts that overlap in every order.
TEST(Fast, GuidesTheSearchToALongQueuesOrder) {
  Drawing drawing(cases().back());
  Random random(3);
  const History history = drawing.draw(random, 8, 600);
  ASSERT_GT(history.size(), 1000u);
  const Judgement judgement = judge(drawing.specification(), history);
  EXPECT_EQ(judgement.verdict, Verdict::kLinearizable);
  EXPECT_EQ(judgement.order.size(), history.size());
  EXPECT_LT(judgement.configurations, 2 * history.size());
  expect_sound(drawing.specification(), history, judgement);
}

TEST(Fast, LeavesToTheSearchWhatItCannotTake) {
  const auto queue = models::made("queue");
  const unsigned put = number_of(*queue, "put");
  const auto of = [&](std::vector<Operation> operations) {
    History history;
    std::uint64_t time = 0;
    for (Operation& operation : operations) {
      operation.invoked = ++time;
      if (operation.end == End::kReturned) operation.returned = ++time;
      history.threads.push_back({std::move(operation)});
    }
    return history;
  };
  EXPECT_TRUE(fast(*queue, of({{.function = put, .arguments = {1}}})));
  EXPECT_FALSE(
      fast(*queue, of({{.function = put, .arguments = {1}}, {.function = put, .arguments = {1}}})));
  EXPECT_FALSE(fast(*queue, of({{.function = put, .arguments = {Value()}}})));
  EXPECT_FALSE(fast(*queue, of({{.function = put, .arguments = {1}, .end = End::kPending}})));
  EXPECT_EQ(fast(*queue, of({{.function = put, .arguments = {1}, .result = 1}})),
            Verdict::kViolated);
  EXPECT_FALSE(fast(*queue, of({{.function = number_of(*queue, "qsize"), .result = 0}})));
  const auto bounded = models::made("queue:1");
  EXPECT_FALSE(fast(*bounded, of({{.function = put, .arguments = {1}}})));
  // No order of intervals: of two pairs, each knows of its own alone.
  History pairs = of({{.function = put, .arguments = {1}},
                      {.function = put, .arguments = {2}},
                      {.function = put, .arguments = {3}},
                      {.function = put, .arguments = {4}}});
  pairs.known = {{{0, 0, 0, 0}}, {{1, 0, 0, 0}}, {{0, 0, 0, 0}}, {{0, 0, 1, 0}}};
  EXPECT_FALSE(fast(*queue, pairs));
  pairs.known[3][0] = {1, 0, 1, 0};
  pairs.known[1][0] = {1, 0, 1, 0};
  EXPECT_TRUE(fast(*queue, pairs));
}

}  // namespace
}  // namespace weft::linearize
