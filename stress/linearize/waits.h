// What a model's function gives that may wait, throw, or take several steps. See model.h.
//
// Thread safety: values.
#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

#include "stress/linearize/convert.h"
#include "stress/linearize/specification.h"

namespace weft::linearize {

struct NotEnabled {};
struct Entered {};
struct Done {};
// It would wait.
inline constexpr NotEnabled not_enabled{};
// It took a step, and goes on later.
inline constexpr Entered entered{};
// It returned, nothing.
inline constexpr Done done{};

struct Throws {
  const char* type;  // without its namespace
};
constexpr Throws throws(const char* type) { return {type}; }

// What an operation gives that may wait, throw, or take several steps; else T alone does.
template <class T = void>
class Waits {
 public:
  Waits(NotEnabled) : step_{Step::kBlocked} {}
  Waits(Entered) : step_{Step::kEntered} {}
  Waits(Throws error) : step_{Step::kDone, thrown(error.type)} {}
  Waits(Done)
    requires std::is_void_v<T>
      : step_{Step::kDone} {}
  template <class Result>
    requires(!std::is_void_v<T> && std::convertible_to<Result, T>)
  Waits(Result&& result) : step_{Step::kDone, to_value<T>(std::forward<Result>(result))} {}

  Step step() && { return std::move(step_); }

 private:
  Step step_;
};
// For one that never waits, but may throw.
template <class T = void>
using Gives = Waits<T>;

// Whether the call returned just this.
template <class T>
bool saw(const Turn& turn, const T& result) {
  return turn.seen != nullptr && *turn.seen == to_value(result);
}

namespace internal {

template <class T>
inline constexpr bool kWaits = false;
template <class T>
inline constexpr bool kWaits<Waits<T>> = true;

}  // namespace internal
}  // namespace weft::linearize
