#include "stress/run/strategies.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <functional>
#include <iterator>
#include <optional>
#include <utility>

#include "stress/explore/pct.h"
#include "stress/explore/places.h"
#include "stress/explore/pos.h"
#include "stress/explore/random_walk.h"
#include "stress/explore/stops.h"
#include "stress/explore/surw.h"

namespace weft::internal {
namespace {

using explore::Exhaustive;
using explore::Strategy;

// A strategy owned by its base, which has no virtual destructor.
using Owned = std::shared_ptr<Strategy>;
using Maker = std::function<Owned()>;

template <class S, auto... kArguments>
Owned made() {
  return std::make_shared<S>(kArguments...);
}

[[noreturn]] void refuse(std::string_view wanted) {
  throw OptionError("WEFT_STRATEGY=" + std::string(wanted) +
                    ": there is no such strategy; there are portfolio, mixed, random_walk, "
                    "random_walk:BURST, pct:DEPTH, pos, surw, urw, places, exhaustive and "
                    "exhaustive:PREEMPTIONS");
}

std::optional<unsigned> number_from(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

struct Entry {
  std::string_view name;
  Owned (*make)();
};
constexpr Entry kOfPortfolio[] = {
    {"places", made<explore::Places>},
    {"surw", made<explore::Surw>},
    {"pos", made<explore::Pos>},
    {"random_walk", made<explore::RandomWalk, 1u>},
    {"random_walk:4", made<explore::RandomWalk, 4u>},
    {"pct:2", made<explore::Pct, 2u>},
    {"pct:3", made<explore::Pct, 3u>},
    {"urw", made<explore::Surw, explore::Surw::Matters::kAll>},
};
constexpr Entry kOfMixed[] = {
    {"random_walk", made<explore::RandomWalk, 1u>},
    {"pct:3", made<explore::Pct, 3u>},
    {"random_walk", made<explore::RandomWalk, 1u>},
    {"random_walk:4", made<explore::RandomWalk, 4u>},
};

// The opening: an index into kOfPortfolio for each execution, or the systematic search. Many bugs
// are near the end of the first execution, or an order of a few places, and show at once.
constexpr std::uint64_t kOpening = 64;
constexpr int kSystematic = -1;
constexpr int kFirst[] = {kSystematic, 0, kSystematic, 0, kSystematic, 0, 0, 0,
                          kSystematic, 0, kSystematic, 0, 0,           0, 1, 0};
// And then, in turn.
constexpr int kLater[] = {kSystematic, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};
constexpr int opening_at(std::uint64_t number) {
  return number < std::size(kFirst) ? kFirst[number] : kLater[number % std::size(kLater)];
}
// Where there is no systematic search.
constexpr int kInstead = 6;

// Executions of one strategy in a row: some learn from the one before.
constexpr std::uint64_t kSlice = 8;
// The last 32 executions or so count.
constexpr double kForget = 1.0 / 32;

}  // namespace

struct Strategies::Arm {
  std::string_view name;
  Maker make;
  Owned strategy;
  double worth = 1;
};

Strategies::~Strategies() = default;
Strategies::Strategies(Strategies&&) noexcept = default;
Strategies& Strategies::operator=(Strategies&&) noexcept = default;

Strategies::Strategies(std::string_view wanted, std::uint64_t seed, Share shard, Share worker)
    : dice_(seed_of({seed, shard.index, worker.index})) {
  const std::size_t colon = wanted.find(':');
  const std::string_view name = wanted.substr(0, colon);
  std::optional<unsigned> number;
  if (colon != wanted.npos) {
    number = number_from(wanted.substr(colon + 1));
    if (!number) refuse(wanted);
  }
  const auto add = [&](std::string_view arm, const Maker& make) {
    arms_.push_back({arm, make, make(), 1});
  };
  if (name == "exhaustive") {
    bound_ = number.value_or(Exhaustive::kNoBound);
    all_ = std::make_unique<Exhaustive>(bound_);
  } else if (wanted == "mixed" || wanted == "portfolio") {
    kind_ = wanted == "mixed" ? Kind::kMixed : Kind::kPortfolio;
    is_systematic_ = worker.index == 0;
    is_bounded_too_ = is_systematic_ && shard.index == 0;
    all_ = std::make_unique<Exhaustive>();
    bounded_ = std::make_unique<Exhaustive>(0);
    if (kind_ == Kind::kMixed) {
      for (const Entry& entry : kOfMixed) add(entry.name, entry.make);
    } else {
      for (const Entry& entry : kOfPortfolio) add(entry.name, entry.make);
    }
  } else if (name == "random_walk") {
    add(name, [=] { return std::make_shared<explore::RandomWalk>(number.value_or(1)); });
  } else if (name == "pct") {
    add(name, [=] { return std::make_shared<explore::Pct>(number.value_or(3)); });
  } else {
    for (const Entry& entry : kOfPortfolio) {
      if (entry.name == wanted) add(entry.name, entry.make);
    }
    if (arms_.empty()) refuse(wanted);
  }
}

void Strategies::stop_threads() {
  if (kind_ != Kind::kOne) stops_ = made<explore::Stops>();
}

// Null if it has nothing to do.
Strategy* Strategies::systematic() {
  constexpr std::uint64_t kTiny = 2000;
  constexpr int kMostPreemptions = 4;
  if (!is_systematic_) return nullptr;
  if (unbounded_executions_ < kTiny || (is_bounded_too_ && completed_ >= kMostPreemptions)) {
    ++unbounded_executions_;
    return all_.get();
  }
  return is_bounded_too_ ? bounded_.get() : nullptr;
}

Strategies::Arm& Strategies::draw_arm() {
  constexpr std::uint64_t kEvenly = 4;  // one slice of so many
  if (slice_left_ > 0) {
    --slice_left_;
    return arms_[arm_];
  }
  slice_left_ = kSlice - 1;
  double sum = 0;
  for (const Arm& arm : arms_) sum += arm.worth;
  arm_ = dice_.below(arms_.size());
  if (!dice_.chance(1, kEvenly) && sum > 0) {
    double left = sum * static_cast<double>(dice_.below(1u << 30)) / (1u << 30);
    for (arm_ = 0; arm_ + 1 < arms_.size() && left >= arms_[arm_].worth; ++arm_) {
      left -= arms_[arm_].worth;
    }
  }
  return arms_[arm_];
}

Strategy& Strategies::next(std::uint64_t number) {
  is_arms_ = false;
  current_ = nullptr;
  if (stops_ != nullptr && number % 4 == 1) {
    current_ = stops_.get();
    return *current_;
  }
  const bool is_opening = kind_ == Kind::kPortfolio && number < kOpening;
  if (kind_ == Kind::kOne) {
    current_ = all_ != nullptr ? all_.get() : arms_.front().strategy.get();
  } else if (is_opening) {
    const int place = opening_at(number);
    if (place == kSystematic) current_ = systematic();
    if (current_ == nullptr) {
      arm_ = static_cast<std::size_t>(place == kSystematic ? kInstead : place);
      current_ = arms_[arm_].strategy.get();
      is_arms_ = true;
    }
  } else {
    if (number % 2 == 0) current_ = systematic();
    if (current_ == nullptr) {
      if (kind_ == Kind::kMixed) {
        arm_ = number / 2 % arms_.size();
      } else {
        draw_arm();
      }
      current_ = arms_[arm_].strategy.get();
      is_arms_ = true;
    }
  }
  return *current_;
}

bool Strategies::end(News news) {
  const bool exhausted = current_->end();
  if (is_arms_) {
    // A pair of places is worth several interleavings, of which there are so many more.
    const double worth = (news.interleaving ? 1 : 0) + 4.0 * std::min(news.conflicts, 8u);
    arms_[arm_].worth += (worth - arms_[arm_].worth) * kForget;
    return false;
  }
  if (!exhausted || current_ != bounded_.get()) return exhausted;
  ++completed_;
  bounded_ = search_of_bound();
  return false;
}

std::unique_ptr<Exhaustive> Strategies::search_of_bound() const {
  return std::make_unique<Exhaustive>(static_cast<unsigned>(completed_ + 1));
}

void Strategies::search_again() {
  unbounded_executions_ = 0;
  completed_ = -1;
  all_ = std::make_unique<Exhaustive>(bound_);
  if (bounded_ != nullptr) bounded_ = search_of_bound();
}

void Strategies::forget() {
  for (Arm& arm : arms_) arm.strategy = arm.make();
  if (stops_ != nullptr) stops_ = made<explore::Stops>();
}

namespace {

std::vector<std::uint16_t> position_of(const Exhaustive* search) {
  std::vector<std::uint16_t> position;
  for (std::uint32_t i = 0; search != nullptr && i < search->position_count(); ++i) {
    position.push_back(search->position(i));
  }
  return position;
}

void go_on(Exhaustive* search, const std::vector<std::uint16_t>& position) {
  if (search == nullptr) return;
  search->go_on_from(position.data(), static_cast<std::uint32_t>(position.size()));
}

}  // namespace

Strategies::State Strategies::state() const {
  State state;
  for (const Arm& arm : arms_) state.worth.push_back(arm.worth);
  state.dice = dice_.state();
  state.arm = arm_;
  state.slice_left = slice_left_;
  state.unbounded_executions = unbounded_executions_;
  state.completed = completed_;
  state.all = position_of(all_.get());
  state.bounded = position_of(bounded_.get());
  return state;
}

void Strategies::go_on_from(const State& state) {
  for (std::size_t i = 0; i < arms_.size() && i < state.worth.size(); ++i) {
    arms_[i].worth = state.worth[i];
  }
  dice_ = Random::from_state(state.dice);
  arm_ = arms_.empty() ? 0 : state.arm % arms_.size();
  slice_left_ = state.slice_left;
  unbounded_executions_ = state.unbounded_executions;
  completed_ = static_cast<int>(state.completed);
  if (bounded_ != nullptr) bounded_ = search_of_bound();
  go_on(all_.get(), state.all);
  go_on(bounded_.get(), state.bounded);
}

std::string Strategies::bounds(const Options& options) const {
  std::string text = "sequentially consistent";
  if (bound_ != Exhaustive::kNoBound) {
    text += ", at most " + std::to_string(bound_) + " preemptions";
  }
  text += ", at most " + std::to_string(options.spurious) + " spurious wake-ups and weak failures";
  // For the second half of them the threads take turns.
  text += ", at most " + std::to_string(options.steps / 2) + " steps";
  return text;
}

std::string Strategies::reached() const {
  if (completed_ < 0) return "";
  return "every schedule of at most " + std::to_string(completed_) + " preemptions";
}

std::string Strategies::weights() const {
  std::string text;
  for (const Arm& arm : arms_) {
    char worth[32];
    std::snprintf(worth, sizeof worth, " %.2f", arm.worth);
    text += (text.empty() ? "" : ", ") + std::string(arm.name) + worth;
  }
  return text;
}

}  // namespace weft::internal
