#include "stress/run/strategies.h"

#include <charconv>
#include <optional>

namespace weft::internal {
namespace {

[[noreturn]] void refuse(std::string_view wanted) {
  throw OptionError("WEFT_STRATEGY=" + std::string(wanted) +
                    ": there is no such strategy; there are mixed, random_walk, random_walk:BURST, "
                    "pct:DEPTH, exhaustive and exhaustive:PREEMPTIONS");
}

std::optional<unsigned> number_from(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

Strategies::Strategies(std::string_view wanted) {
  const std::size_t colon = wanted.find(':');
  const std::string_view name = wanted.substr(0, colon);
  std::optional<unsigned> number;
  if (colon != wanted.npos) {
    number = number_from(wanted.substr(colon + 1));
    if (!number) refuse(wanted);
  }
  if (name == "random_walk") {
    walk_ = std::make_unique<explore::RandomWalk>(number.value_or(1));
    only_ = walk_.get();
  } else if (name == "pct") {
    pct_ = std::make_unique<explore::Pct>(number.value_or(3));
    only_ = pct_.get();
  } else if (name == "exhaustive") {
    bound_ = number.value_or(explore::Exhaustive::kNoBound);
    all_ = std::make_unique<explore::Exhaustive>(bound_);
    only_ = all_.get();
  } else if (wanted == "mixed") {
    mixed_ = true;
    all_ = std::make_unique<explore::Exhaustive>();
    bounded_ = std::make_unique<explore::Exhaustive>(0);
    walk_ = std::make_unique<explore::RandomWalk>(1);
    long_walk_ = std::make_unique<explore::RandomWalk>(4);
    pct_ = std::make_unique<explore::Pct>(3);
  } else {
    refuse(wanted);
  }
}

explore::Strategy& Strategies::next_systematic() {
  constexpr std::uint64_t kTiny = 2000;
  constexpr int kMostPreemptions = 4;
  if (unbounded_executions_ < kTiny || completed_ >= kMostPreemptions) {
    ++unbounded_executions_;
    return *all_;
  }
  return *bounded_;
}

explore::Strategy& Strategies::next(std::uint64_t number) {
  if (!mixed_) {
    current_ = only_;
  } else if (number % 2 == 0) {
    current_ = &next_systematic();
  } else {
    explore::Strategy* const random[] = {walk_.get(), pct_.get(), walk_.get(), long_walk_.get()};
    current_ = random[number / 2 % 4];
  }
  return *current_;
}

bool Strategies::end() {
  const bool exhausted = current_->end();
  if (!exhausted || current_ == all_.get()) return exhausted;
  if (current_ == bounded_.get()) {
    ++completed_;
    bounded_ = std::make_unique<explore::Exhaustive>(static_cast<unsigned>(completed_ + 1));
  }
  return false;
}

std::string Strategies::bounds(const Options& options) const {
  std::string text = "sequentially consistent";
  if (bound_ != explore::Exhaustive::kNoBound) {
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

}  // namespace weft::internal
