// Virtual time: clocks that stand still while threads work, and go on when all that is left is to
// wait for them.
//
// Invariants:     (I1) time goes on when the scheduler wakes a waiter by its deadline, in the order
//                      of deadlines; and with readings of the clock in a loop, so that a loop that
//                      waits for a time ends.
// Non-invariants: a timed wait that could be satisfied is. Both outcomes are explored: a thread may
//                 be as slow as it likes.
#include <sched.h>
#include <sys/time.h>
#include <unistd.h>

#include "stress/explore/interpose.h"

namespace weft::explore {
namespace {

// Virtual time begins at these readings: 2026-01-01 00:00:00 UTC, and a machine that has been up
// for some days.
constexpr int64_t kRealtimeOrigin = 1'767'225'600 * kSecond;
constexpr int64_t kMonotonicOrigin = 1'000'000 * kSecond;

int64_t origin_of(clockid_t clock) {
  switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_TAI:
      return kRealtimeOrigin;
    default:
      return kMonotonicOrigin;
  }
}

bool is_virtual(clockid_t clock) {
  return clock != CLOCK_PROCESS_CPUTIME_ID && clock != CLOCK_THREAD_CPUTIME_ID && clock >= 0;
}

int64_t nanoseconds(const timespec& time) {
  int64_t result;
  if (__builtin_mul_overflow(int64_t{time.tv_sec}, kSecond, &result) ||
      __builtin_add_overflow(result, int64_t{time.tv_nsec}, &result)) {
    return time.tv_sec < 0 ? INT64_MIN : kNever;
  }
  return result;
}

timespec as_timespec(int64_t time) { return {time / kSecond, time % kSecond}; }

int doze_until(int64_t deadline, uintptr_t pc) {
  const Operation sleep = operation(Op::kSleep, nullptr, pc);
  WaitList nobody;
  if (deadline == kNever) deadline = kNever - 1;  // a sleep of centuries ends as well
  block(nobody, sleep, false, deadline);
  note(sleep, 0, true);
  return 0;
}

}  // namespace

int64_t deadline_after(const timespec* duration) {
  if (duration == nullptr) return kNever;
  int64_t deadline;
  if (__builtin_add_overflow(rt.now, nanoseconds(*duration), &deadline)) return kNever;
  return deadline < rt.now ? rt.now : deadline;
}

int64_t deadline_at(clockid_t clock, const timespec* time) {
  if (time == nullptr) return kNever;
  const int64_t at = nanoseconds(*time);
  if (at == kNever) return kNever;
  const int64_t origin = origin_of(clock);
  return at < origin + rt.now ? rt.now : at - origin;
}

int64_t virtual_time(clockid_t clock) {
  // The first readings cost no time, so that the order in which threads look at the clock is no
  // difference; those of a loop do, and the more, the longer nobody has done anything else.
  constexpr uint32_t kFreeReadings = 8;
  if (rt.clock_step == 0 || rt.clock_mutations != rt.mutations) {
    rt.clock_mutations = rt.mutations;
    rt.clock_readings = 0;
    rt.clock_step = 32;
  }
  if (++rt.clock_readings > kFreeReadings) {
    rt.now += rt.clock_step;
    if (rt.clock_step < kSecond) rt.clock_step += rt.clock_step / 4;
  }
  return origin_of(clock) + rt.now;
}

}  // namespace weft::explore

using namespace weft::explore;

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  if (!controlled() || !is_virtual(clock)) {
    static Real<int(clockid_t, timespec*)> real{"clock_gettime"};
    return real(clock, time);
  }
  *time = as_timespec(virtual_time(clock));
  return 0;
}

int gettimeofday(timeval* __restrict time, void* __restrict zone) noexcept {
  if (!controlled()) {
    static Real<int(timeval*, void*)> real{"gettimeofday"};
    return real(time, zone);
  }
  const int64_t now = virtual_time(CLOCK_REALTIME);
  *time = {now / kSecond, now % kSecond / 1000};
  return 0;
}

time_t time(time_t* time) noexcept {
  static Real<time_t(time_t*)> real{"time"};
  if (!controlled()) return real(time);
  const time_t now = virtual_time(CLOCK_REALTIME) / kSecond;
  if (time != nullptr) *time = now;
  return now;
}

int timespec_get(timespec* time, int base) noexcept {
  if (!controlled()) {
    static Real<int(timespec*, int)> real{"timespec_get"};
    return real(time, base);
  }
  *time = as_timespec(virtual_time(CLOCK_REALTIME));
  return base;
}

int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
  static Real<int(clockid_t, int, const timespec*, timespec*)> real{"clock_nanosleep"};
  if (!controlled()) return real(clock, flags, time, left);
  if (!is_valid(time)) return EINVAL;
  const bool absolute = (flags & TIMER_ABSTIME) != 0;
  return doze_until(absolute ? deadline_at(clock, time) : deadline_after(time), WEFT_EXPLORE_PC());
}

// tidy-allow(sleep): the definition, not a use of it
int nanosleep(const timespec* time, timespec* left) {
  static Real<int(const timespec*, timespec*)> real{"nanosleep"};
  if (!controlled()) return real(time, left);
  if (!is_valid(time)) return errno = EINVAL, -1;
  return doze_until(deadline_after(time), WEFT_EXPLORE_PC());
}

// tidy-allow(sleep): the definition, not a use of it
int usleep(useconds_t microseconds) {
  static Real<int(useconds_t)> real{"usleep"};
  if (!controlled()) return real(microseconds);
  return doze_until(rt.now + int64_t{microseconds} * 1000, WEFT_EXPLORE_PC());
}

// tidy-allow(sleep): the definition, not a use of it
unsigned sleep(unsigned seconds) {
  static Real<unsigned(unsigned)> real{"sleep"};
  if (!controlled()) return real(seconds);
  doze_until(rt.now + int64_t{seconds} * kSecond, WEFT_EXPLORE_PC());
  return 0;
}

int sched_yield() noexcept {
  if (!controlled()) return static_cast<int>(raw_syscall(SYS_sched_yield));
  const Operation yield = operation(Op::kYield, nullptr, WEFT_EXPLORE_PC());
  give_way();
  point(yield);
  note(yield, 0, false);
  return 0;
}
}
