#include "stress/linearize/histories_for_test.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace weft::linearize {
namespace {

class State {
 public:
  explicit State(const Specification& specification)
      : specification_(specification), held_(size()) {
    specification.make_initial(get());
  }
  State(const State& other) : specification_(other.specification_), held_(size()) {
    specification_.copy(get(), other.get());
  }
  State& operator=(const State&) = delete;
  ~State() { specification_.destroy(get()); }
  void* get() { return held_.data(); }
  const void* get() const { return held_.data(); }

 private:
  std::size_t size() const { return specification_.state_bytes() / sizeof(std::max_align_t) + 1; }
  const Specification& specification_;
  std::vector<std::max_align_t> held_;
};

Turn turn_of(const Operation& operation, unsigned thread, unsigned step) {
  return {.function = operation.function,
          .thread = thread,
          .arguments = operation.arguments,
          .step = step,
          .seen = operation.end == End::kReturned ? &operation.result : nullptr};
}

struct Position {
  std::vector<std::uint32_t> passed;
  std::vector<unsigned> steps;
};

class Twin {
 public:
  Twin(const Specification& specification, const History& history)
      : specification_(specification), history_(history) {
    if (history_.known.empty()) order_by_time(history_);
  }

  bool search(const State& state, const Position& at) const {
    if (is_end(state, at)) return true;
    for (unsigned thread = 0; thread < history_.threads.size(); ++thread) {
      if (!may_be_next(at, thread)) continue;
      const Operation& operation = history_.threads[thread][at.passed[thread]];
      State next = state;
      const Step step =
          specification_.step(next.get(), turn_of(operation, thread, at.steps[thread]));
      if (step.kind == Step::kRefused || step.kind == Step::kBlocked) continue;
      if (step.kind == Step::kDone && operation.end == End::kBlocked) continue;
      Position then = at;
      ++then.steps[thread];
      if (step.kind == Step::kDone) {
        then.steps[thread] = 0;
        ++then.passed[thread];
      }
      if (search(next, then)) return true;
    }
    return false;
  }
  bool may_be_next(const Position& at, unsigned thread) const {
    const std::uint32_t place = at.passed[thread];
    if (place == history_.threads[thread].size()) return false;
    for (unsigned other = 0; other < history_.threads.size(); ++other) {
      if (other != thread && at.passed[other] < history_.known[thread][place][other]) return false;
    }
    return true;
  }
  bool is_end(const State& state, const Position& at) const {
    for (unsigned thread = 0; thread < history_.threads.size(); ++thread) {
      if (at.passed[thread] == history_.threads[thread].size()) continue;
      const Operation& operation = history_.threads[thread][at.passed[thread]];
      if (operation.end == End::kReturned) return false;
      if (operation.end == End::kPending) continue;
      State copy = state;
      const Turn turn = turn_of(operation, thread, at.steps[thread]);
      if (specification_.step(copy.get(), turn).kind != Step::kBlocked) return false;
    }
    return true;
  }
  Position start() const {
    return {std::vector<std::uint32_t>(history_.threads.size(), 0),
            std::vector<unsigned>(history_.threads.size(), 0)};
  }

 private:
  const Specification& specification_;
  History history_;
};

// Runs threads in a random order, with calls that overlap.
class Runner {
 public:
  Runner(const Specification& specification, Random& random, const Wanted& wanted)
      : specification_(specification), random_(random), wanted_(wanted), state_(specification) {
    history_.threads.resize(wanted.threads);
    runs_.resize(wanted.threads);
    for (Run& run : runs_) {
      run.left = static_cast<unsigned>(random.between(0, wanted.operations));
      run.dies = random.chance(wanted.killed_percent, 100);
    }
  }

  History run() {
    unsigned idle = 0;  // turns since anything happened
    while (idle < 50 * wanted_.threads) {
      const auto thread = static_cast<unsigned>(random_.below(wanted_.threads));
      idle = go_on(thread) ? 0 : idle + 1;
    }
    for (unsigned thread = 0; thread < wanted_.threads; ++thread) {
      if (runs_[thread].phase == kCalled) last(thread).end = End::kBlocked;
    }
    return std::move(history_);
  }

 private:
  enum Phase { kIdle, kCalled, kDone, kEnded };
  struct Run {
    Phase phase = kIdle;
    unsigned left = 0;
    unsigned step = 0;
    bool dies = false;
  };

  Operation& last(unsigned thread) { return history_.threads[thread].back(); }
  bool go_on(unsigned thread) {
    Run& run = runs_[thread];
    if (run.phase == kIdle && run.left == 0) run.phase = kEnded;
    if (run.phase == kEnded) return false;
    const bool last_call = run.left == 1 && run.phase != kIdle;
    if (last_call && run.dies && random_.chance(1, 3)) {
      last(thread).end = End::kPending;
      last(thread).result = {};
      run.phase = kEnded;
      return true;
    }
    switch (run.phase) {
      case kIdle: {
        Operation operation = wanted_.draw(random_);
        operation.invoked = ++time_;
        history_.threads[thread].push_back(std::move(operation));
        run.phase = kCalled;
        run.step = 0;
        return true;
      }
      case kCalled: {
        Operation& operation = last(thread);
        const Step step = specification_.step(state_.get(), {.function = operation.function,
                                                             .thread = thread,
                                                             .arguments = operation.arguments,
                                                             .step = run.step,
                                                             .seen = nullptr});
        if (step.kind == Step::kBlocked) return false;
        if (step.kind == Step::kEntered) {
          ++run.step;
        } else {
          operation.result = step.result;
          run.phase = kDone;
        }
        return true;
      }
      case kDone:
        last(thread).returned = ++time_;
        --run.left;
        run.phase = kIdle;
        return true;
      case kEnded:
        break;
    }
    return false;
  }

  const Specification& specification_;
  Random& random_;
  const Wanted& wanted_;
  State state_;
  History history_;
  std::vector<Run> runs_;
  std::uint64_t time_ = 0;
};

Value changed(const Value& value, Random& random) {
  if (const auto* truth = value.get_if<bool>()) return Value(!*truth);
  if (const auto* number = value.get_if<std::int64_t>()) {
    return Value(*number + random.between(0, 1) * 2 - 1);
  }
  return value.is_nothing() ? Value(random.between(0, 2)) : Value();
}

void damage_one(History& history, Random& random) {
  std::vector<Place> places;
  for (unsigned thread = 0; thread < history.threads.size(); ++thread) {
    for (std::size_t i = 0; i < history.threads[thread].size(); ++i) places.push_back({thread, i});
  }
  if (places.empty()) return;
  const Place place = places[random.below(places.size())];
  auto& thread = history.threads[place.thread];
  Operation& operation = thread[place.index];
  if (operation.end != End::kReturned) {
    operation.end = operation.end == End::kBlocked ? End::kPending : End::kBlocked;
    return;
  }
  const Place other = places[random.below(places.size())];
  Operation& another = history.threads[other.thread][other.index];
  switch (random.below(5)) {
    case 0:
      operation.result = changed(operation.result, random);
      break;
    case 1:
    case 2:
      if (another.end == End::kReturned && another.function == operation.function) {
        std::swap(operation.result, another.result);
      }
      break;
    case 3: {  // it took less time
      const std::uint64_t middle = (operation.invoked + operation.returned) / 2;
      (random.chance(1, 2) ? operation.invoked : operation.returned) = middle;
      break;
    }
    case 4:
      if (place.index + 1 < thread.size()) return;
      operation.end = random.chance(1, 2) ? End::kBlocked : End::kPending;
      operation.result = {};
      operation.returned = Operation::kNever;
      break;
  }
}

}  // namespace

History random_history(const Specification& specification, Random& random, const Wanted& wanted) {
  return Runner(specification, random, wanted).run();
}

void damage(History& history, Random& random) {
  for (auto times = random.below(4); times > 0; --times) damage_one(history, random);
}

void forget(History& history, Random& random) {
  const auto threads = static_cast<unsigned>(history.threads.size());
  History timed = history;
  order_by_time(timed);
  std::vector<Place> order;  // of their calls
  for (unsigned thread = 0; thread < threads; ++thread) {
    for (std::size_t i = 0; i < history.threads[thread].size(); ++i) order.push_back({thread, i});
  }
  const auto invoked = [&](Place p) { return history.threads[p.thread][p.index].invoked; };
  std::sort(order.begin(), order.end(), [&](Place a, Place b) { return invoked(a) < invoked(b); });
  history.known.assign(threads, {});
  for (const Place place : order) {
    auto& known = history.known[place.thread];
    known.push_back(known.empty() ? std::vector<std::uint32_t>(threads, 0) : known.back());
    auto& mine = known.back();
    mine[place.thread] = static_cast<std::uint32_t>(place.index);
    for (unsigned other = 0; other < threads; ++other) {
      const std::uint32_t most = timed.known[place.thread][place.index][other];
      if (other == place.thread || most == 0 || !random.chance(1, 3)) continue;
      const auto count = static_cast<std::uint32_t>(random.between(0, most));
      if (count == 0) continue;
      const auto& its = history.known[other][count - 1];
      for (unsigned third = 0; third < threads; ++third) {
        if (third != place.thread) mine[third] = std::max(mine[third], its[third]);
      }
      mine[other] = std::max(mine[other], count);
    }
  }
}

bool has_order(const Specification& specification, const History& history) {
  const Twin twin(specification, history);
  return twin.search(State(specification), twin.start());
}

void expect_sound(const Specification& specification, const History& history,
                  const Judgement& judgement) {
  if (judgement.verdict == Verdict::kUndecided) return;
  // Of one part, the others' calls are not looked at.
  if (!judgement.part.is_nothing()) return;
  const Twin twin(specification, history);
  Position at = twin.start();
  State state(specification);
  for (const Place place : judgement.order) {
    ASSERT_TRUE(twin.may_be_next(at, place.thread));
    ASSERT_EQ(place.index, at.passed[place.thread]);
    const Operation& operation = history.threads[place.thread][place.index];
    const Step step =
        specification.step(state.get(), turn_of(operation, place.thread, at.steps[place.thread]));
    ASSERT_TRUE(step.kind == Step::kDone || step.kind == Step::kEntered);
    ++at.steps[place.thread];
    if (step.kind == Step::kDone) {
      ASSERT_NE(operation.end, End::kBlocked);
      at.steps[place.thread] = 0;
      ++at.passed[place.thread];
    }
  }
  EXPECT_EQ(specification.text(state.get()), judgement.state);
  EXPECT_EQ(twin.is_end(state, at), judgement.verdict == Verdict::kLinearizable);
  if (judgement.verdict == Verdict::kLinearizable) {
    EXPECT_TRUE(judgement.refusals.empty());
    return;
  }
  EXPECT_FALSE(judgement.refusals.empty());
  for (const Refusal& refusal : judgement.refusals) {
    const Place place = refusal.place;
    ASSERT_EQ(place.index, at.passed[place.thread]);
    const Operation& operation = history.threads[place.thread][place.index];
    if (refusal.why == Refusal::kNotYet) {
      EXPECT_FALSE(twin.may_be_next(at, place.thread));
      EXPECT_EQ(refusal.after.index, at.passed[refusal.after.thread]);
      continue;
    }
    State copy = state;
    const Step step =
        specification.step(copy.get(), turn_of(operation, place.thread, at.steps[place.thread]));
    switch (refusal.why) {
      case Refusal::kResult:
        EXPECT_EQ(step.kind, Step::kRefused);
        EXPECT_EQ(step.result, refusal.model);
        break;
      case Refusal::kBlocked:
        EXPECT_EQ(operation.end, End::kReturned);
        EXPECT_EQ(step.kind, Step::kBlocked);
        break;
      default:
        EXPECT_EQ(operation.end, End::kBlocked);
        EXPECT_NE(step.kind, Step::kBlocked);
    }
  }
}

}  // namespace weft::linearize
