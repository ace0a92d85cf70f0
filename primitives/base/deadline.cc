#include "primitives/base/deadline.h"

#include <cmath>
#include <sstream>

#include "primitives/base/errors.h"

namespace weft {
namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

std::int64_t now_nanoseconds() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             Deadline::Clock::now().time_since_epoch())
      .count();
}

}  // namespace

Deadline Deadline::at(const Clock::time_point& when) {
  static_assert(std::is_same_v<Clock::duration, std::chrono::nanoseconds>);
  const std::int64_t nanoseconds = when.time_since_epoch().count();
  return Deadline(nanoseconds < 0 ? 0 : nanoseconds);
}

bool Deadline::has_passed() const { return !is_never() && now_nanoseconds() >= nanoseconds_; }

timespec Deadline::to_timespec() const {
  return {static_cast<time_t>(nanoseconds_ / kNanosecondsPerSecond),
          static_cast<long>(nanoseconds_ % kNanosecondsPerSecond)};
}

void Deadline::refuse_nan(long double seconds) {
  if (std::isnan(seconds)) throw ValueError("a time-out must be a number, not NaN");
}

Deadline Deadline::after_seconds(long double seconds) {
  if (seconds <= 0) return passed();
  const std::int64_t now = now_nanoseconds();
  const long double nanoseconds = std::ceil(seconds * kNanosecondsPerSecond);
  if (nanoseconds >= static_cast<long double>(kNever - now)) return never();
  return Deadline(now + static_cast<std::int64_t>(nanoseconds));
}

Deadline Deadline::at_seconds(long double seconds) {
  if (seconds <= 0) return passed();
  const long double nanoseconds = std::ceil(seconds * kNanosecondsPerSecond);
  if (nanoseconds >= static_cast<long double>(kNever)) return never();
  return Deadline(static_cast<std::int64_t>(nanoseconds));
}

void refuse_negative_seconds(long double seconds, const char* operation) {
  if (std::isnan(seconds)) throw ValueError("a time-out must be a number, not NaN");
  if (seconds >= 0) return;
  std::ostringstream text;
  text << operation << ": the time-out must not be negative, it is " << seconds << " s";
  throw ValueError(text.str());
}

}  // namespace weft
