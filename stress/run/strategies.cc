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

Strategies::Strategies(std::string_view wanted, Clock::duration budget) {
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
    preemptions_ = number.value_or(explore::Exhaustive::kNoBound);
    exhaustive_ = std::make_unique<explore::Exhaustive>(preemptions_);
    only_ = exhaustive_.get();
  } else if (wanted == "mixed") {
    constexpr unsigned kShare = 2;
    mixed_ = exhausting_ = true;
    exhaustive_ = std::make_unique<explore::Exhaustive>();
    exhaustive_end_ = Clock::now() + budget / kShare;
    walk_ = std::make_unique<explore::RandomWalk>(1);
    long_walk_ = std::make_unique<explore::RandomWalk>(8);
    pct_ = std::make_unique<explore::Pct>(3);
  } else {
    refuse(wanted);
  }
}

explore::Strategy& Strategies::next(std::uint64_t number) {
  if (!mixed_) return *only_;
  if (exhausting_) {
    if ((number & 15) == 15 && Clock::now() >= exhaustive_end_) exhausting_ = false;
    if (number % 2 == 0) return *exhaustive_;
  }
  switch (number % 8) {
    case 1:
    case 6:
      return *pct_;
    case 2:
    case 3:
      return *long_walk_;
    default:
      return *walk_;
  }
}

std::string Strategies::bounds(const Options& options) const {
  std::string text = "sequentially consistent";
  if (preemptions_ != explore::Exhaustive::kNoBound) {
    text += ", at most " + std::to_string(preemptions_) + " preemptions";
  }
  text += ", at most " + std::to_string(options.spurious) + " spurious wake-ups and weak failures";
  text += ", at most " + std::to_string(options.steps) + " steps";
  return text;
}

}  // namespace weft::internal
