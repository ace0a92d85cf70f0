// The functions of C that sleep, and the clocks that tell how long.
#include <sys/time.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string_view>

#include "stress/explore/suite/clocks.h"
#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

constexpr long kNap = 1'000'000;  // nanoseconds

bool by_nanosleep() {
  const timespec nap = {0, kNap};
  // tidy-allow(sleep): sleeping is what these bodies are about
  return nanosleep(&nap, nullptr) == 0;
}
bool by_clock_nanosleep() {
  const timespec nap = {0, kNap};
  // tidy-allow(sleep): sleeping is what these bodies are about
  return clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, nullptr) == 0;
}
bool until_a_time_of_the_monotonic_clock() {
  const timespec end = in_the_future(CLOCK_MONOTONIC, kNap);
  // tidy-allow(sleep): sleeping is what these bodies are about
  return clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, nullptr) == 0;
}
bool until_a_time_of_day() {
  const timespec end = in_the_future(CLOCK_REALTIME, kNap);
  // tidy-allow(sleep): sleeping is what these bodies are about
  return clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &end, nullptr) == 0;
}
bool by_usleep() {
  // tidy-allow(sleep): sleeping is what these bodies are about
  return usleep(kNap / 1000) == 0;
}
bool by_thrd_sleep() {
  const timespec nap = {0, kNap};
  // tidy-allow(sleep): sleeping is what these bodies are about
  return thrd_sleep(&nap, nullptr) == 0;
}

long now(clockid_t clock) {
  timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

template <bool (*nap)()>
void lasts(Run& run) {
  run.thread([&run] {
    const long begin = now(CLOCK_MONOTONIC);
    run.require(nap(), "it sleeps");
    run.require(now(CLOCK_MONOTONIC) - begin >= kNap, "and for so long");
  });
  run.join();
}

template <bool (*nap)()>
void taken_for_an_order(Run& run) {
  std::atomic<bool> ready = false;
  run.thread([&] { ready = true; });
  run.thread([&] {
    nap();
    run.require(ready, "it slept long enough");
  });
  run.join();
}

#define BOTH(function)                                                                   \
  const Specimen right_##function({.name = "CSleep." #function "_lasts", .holds = true}, \
                                  lasts<function>);                                      \
  const Specimen wrong_##function({.name = "CSleep." #function "_taken_for_an_order",    \
                                   .violates = Kind::kAssertion,                         \
                                   .says = "slept long enough"},                         \
                                  taken_for_an_order<function>)

BOTH(by_nanosleep);
BOTH(by_clock_nanosleep);
BOTH(until_a_time_of_the_monotonic_clock);
BOTH(until_a_time_of_day);
BOTH(by_usleep);
BOTH(by_thrd_sleep);

const Specimen seconds({.name = "CSleep.SleepTakesNoTimeOfOurs",
                        .holds = true,
                        .explored_only = "it would last for an hour"},
                       [](Run& run) {
                         timeval begin, end;
                         gettimeofday(&begin, nullptr);
                         // tidy-allow(sleep): sleeping is what these bodies are about
                         run.require(sleep(3600) == 0, "nothing is left of it");
                         gettimeofday(&end, nullptr);
                         run.require(end.tv_sec - begin.tv_sec >= 3600, "an hour later");
                       });

// Real threads may be late.
template <bool (*nap)()>
void lasts_no_longer(Run& run) {
  const long begin = now(CLOCK_MONOTONIC);
  run.require(nap(), "it sleeps");
  run.require(now(CLOCK_MONOTONIC) - begin < 2 * kNap, "and no longer than asked");
}
constexpr std::string_view kLate = "real threads may be late";
const Specimen monotonic_end({.name = "CSleep.ATimeOfTheMonotonicClockIsMeantAsSuch",
                              .holds = true,
                              .explored_only = kLate},
                             lasts_no_longer<until_a_time_of_the_monotonic_clock>);
const Specimen day_end({.name = "CSleep.ATimeOfDayIsMeantAsSuch",
                        .holds = true,
                        .explored_only = kLate},
                       lasts_no_longer<until_a_time_of_day>);
const Specimen duration({.name = "CSleep.ADurationIsMeantAsSuch",
                         .holds = true,
                         .explored_only = kLate},
                        lasts_no_longer<by_clock_nanosleep>);

const Specimen refused({.name = "CSleep.TimesThatAreNone", .holds = true}, [](Run& run) {
  const timespec wrong = {0, -1};
  errno = 0;
  // tidy-allow(sleep): sleeping is what these bodies are about
  run.require(nanosleep(&wrong, nullptr) == -1 && errno == EINVAL, "nanosleep");
  // tidy-allow(sleep): sleeping is what these bodies are about
  run.require(clock_nanosleep(CLOCK_MONOTONIC, 0, &wrong, nullptr) == EINVAL, "clock_nanosleep");
});

}  // namespace
}  // namespace weft::suite
