#include "primitives/base/deadline.h"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <string>
#include <type_traits>

#include "primitives/base/errors.h"
#include "stress/threading/support.h"

namespace weft {
namespace {

using testing_threads::for_each_extreme_length;
using testing_threads::for_each_negative_length;
using testing_threads::kNotANumber;
using testing_threads::message_of;
using namespace std::chrono_literals;
using Clock = Deadline::Clock;
template <class Duration>
using SteadyPoint = std::chrono::time_point<Clock, Duration>;

// The deadline as a time point of the steady clock.
Clock::time_point point_of(const Deadline& deadline) {
  const timespec time = deadline.to_timespec();
  return Clock::time_point(std::chrono::seconds(time.tv_sec) +
                           std::chrono::nanoseconds(time.tv_nsec));
}

TEST(Deadline, NeverAndPassedAreWhatTheySay) {
  static_assert(Deadline::Clock::is_steady, "setting the wall clock moves no deadline");
  static_assert(Deadline::never().is_never() && !Deadline::passed().is_never());
  EXPECT_FALSE(Deadline::never().has_passed());
  EXPECT_TRUE(Deadline::passed().has_passed());
}

TEST(Deadline, LiesAsFarAheadAsTheDurationSays) {
  const auto lies_ahead_by = [](auto timeout, std::chrono::nanoseconds expected) {
    const auto before = Clock::now();
    const auto point = point_of(Deadline::after(timeout));
    const auto after = Clock::now();
    EXPECT_GE(point, before + expected);
    EXPECT_LE(point, after + expected);
  };
  lies_ahead_by(1ns, 1ns);
  lies_ahead_by(1500ms, 1500ms);
  lies_ahead_by(100h, 100h);
  lies_ahead_by(std::chrono::duration<double>(0.25), 250ms);
  lies_ahead_by(std::chrono::duration<float, std::ratio<60>>(0.5F), 30s);
  lies_ahead_by(std::chrono::duration<double, std::nano>(0.5), 1ns);  // rounded up
}

// CV7
TEST(Deadline, WhatIsTooLongForTheClockIsNever) {
  for_each_extreme_length([](auto timeout) { EXPECT_TRUE(Deadline::after(timeout).is_never()); });
  EXPECT_FALSE(Deadline::after(std::chrono::hours(24 * 365 * 100)).is_never())
      << "a century is not";
}

// CV7
TEST(Deadline, WhatIsNotAheadHasPassed) {
  EXPECT_TRUE(Deadline::after(0s).has_passed());
  EXPECT_TRUE(Deadline::after(std::chrono::duration<double>(-0.0)).has_passed());
  for_each_negative_length(
      [](auto timeout) { EXPECT_TRUE(Deadline::after(timeout).has_passed()); });
}

TEST(Deadline, NaNIsRefused) {
  EXPECT_EQ(message_of<ValueError>([] { (void)Deadline::after(kNotANumber); }),
            "a time-out must be a number, not NaN");
  using Floating = std::chrono::duration<double>;
  EXPECT_THROW((void)Deadline::at(SteadyPoint<Floating>(Floating(kNotANumber))), ValueError);
}

TEST(Deadline, APointOfTheSteadyClockIsTakenAsItIsOrSaturates) {
  const auto now = Clock::now();
  EXPECT_EQ(point_of(Deadline::at(now)), now);
  EXPECT_TRUE(Deadline::at(now).has_passed());
  EXPECT_FALSE(Deadline::at(now + 1h).has_passed());
  const auto in_seconds = std::chrono::ceil<std::chrono::seconds>(now);
  EXPECT_EQ(point_of(Deadline::at(in_seconds)), in_seconds);
  EXPECT_TRUE(Deadline::at(Clock::time_point::max()).is_never());
  EXPECT_TRUE(Deadline::at(Clock::time_point::min()).has_passed());
  EXPECT_TRUE(Deadline::at(SteadyPoint<std::chrono::hours>::max()).is_never());
  EXPECT_TRUE(Deadline::at(SteadyPoint<std::chrono::hours>::min()).has_passed());
}

// A clock that the test sets.
struct SetClock {
  using duration = std::chrono::seconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<SetClock>;
  [[maybe_unused]] static constexpr bool is_steady = false;  // asked for of every clock
  static time_point now() { return time_point(reading); }
  inline static duration reading{0};
};

TEST(Deadline, AUsersClockIsAskedAgainAfterEachAttempt) {
  SetClock::reading = 100s;
  int attempts = 0;
  EXPECT_FALSE(Deadline::retry_until(SetClock::now() + 2s, [&](const Deadline& deadline) {
    const auto left = point_of(deadline) - Clock::now();
    EXPECT_GT(left, 0s) << "the clock has not reached the point";
    EXPECT_LE(left, 2s - attempts * 1s);
    ++attempts;
    SetClock::reading += 1s;
    return false;
  }));
  EXPECT_EQ(attempts, 2);
}

TEST(Deadline, AUsersClockSetBackProlongsTheWaitAndSetForwardEndsIt) {
  SetClock::reading = 100s;
  int attempts = 0;
  EXPECT_TRUE(Deadline::retry_until(SetClock::now() + 1s, [&](const Deadline&) {
    SetClock::reading -= 3600s;
    return ++attempts == 3;
  }));
  attempts = 0;
  EXPECT_FALSE(Deadline::retry_until(SetClock::now() + 7200s, [&](const Deadline&) {
    SetClock::reading += 7200s;
    return ++attempts == 3;
  }));
  EXPECT_EQ(attempts, 1);
}

TEST(Deadline, AFailureLongAfterThePointIsNotRepeated) {
  SetClock::reading = 100s;
  using Hours = std::chrono::time_point<SetClock, std::chrono::hours>;
  const auto attempts_until = [](auto when) {
    int attempts = 0;
    EXPECT_FALSE(Deadline::retry_until(when, [&](const Deadline& deadline) {
      EXPECT_TRUE(deadline.has_passed());
      ++attempts;
      return false;
    }));
    return attempts;
  };
  EXPECT_EQ(attempts_until(SetClock::now()), 1);
  EXPECT_EQ(attempts_until(SetClock::time_point::min()), 1);
  EXPECT_EQ(attempts_until(Hours::min()), 1);
  EXPECT_TRUE(Deadline::retry_until(Hours::max(), [](const Deadline& d) { return d.is_never(); }));
}

TEST(Deadline, RefusingNegativeLengthsNamesTheOperationAndTheValue) {
  EXPECT_NO_THROW(refuse_negative(0s, "f"));
  EXPECT_NO_THROW(refuse_negative(std::chrono::duration<double>(-0.0), "f"));
  for_each_extreme_length([](auto length) { EXPECT_NO_THROW(refuse_negative(length, "f")); });
  for_each_negative_length(
      [](auto length) { EXPECT_THROW(refuse_negative(length, "f"), ValueError); });
  EXPECT_THROW(refuse_negative(kNotANumber, "f"), ValueError);
  EXPECT_EQ(message_of<ValueError>([] { refuse_negative(-1500ms, "Queue::get"); }),
            "Queue::get: the time-out must not be negative, it is -1.5 s");
}

TEST(Errors, AreOfTheStandardsKindsAndTellApartWhatPythonTellsApart) {
  static_assert(std::is_base_of_v<std::runtime_error, RuntimeError>);
  static_assert(std::is_base_of_v<std::invalid_argument, ValueError>);
  static_assert(std::is_base_of_v<RuntimeError, BrokenBarrierError>);
  static_assert(std::is_base_of_v<std::logic_error, InvalidStateError>);
  static_assert(!std::is_base_of_v<RuntimeError, QueueEmpty> &&
                !std::is_base_of_v<RuntimeError, QueueFull> &&
                !std::is_base_of_v<RuntimeError, QueueShutDown> &&
                !std::is_base_of_v<RuntimeError, TimeoutError> &&
                !std::is_base_of_v<RuntimeError, CancelledError>);
  EXPECT_STREQ(BrokenBarrierError("what").what(), "what");
}

}  // namespace
}  // namespace weft
