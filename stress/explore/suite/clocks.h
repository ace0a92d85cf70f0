// Times of the C interfaces.
//
// Thread safety: any thread.
#pragma once

#include <ctime>

namespace weft::suite {

inline timespec in_the_future(clockid_t clock, long nanoseconds) {
  timespec time;
  clock_gettime(clock, &time);
  constexpr long kSecond = 1'000'000'000;
  time.tv_sec += nanoseconds / kSecond;
  time.tv_nsec += nanoseconds % kSecond;
  if (time.tv_nsec >= kSecond) {
    time.tv_nsec -= kSecond;
    ++time.tv_sec;
  }
  return time;
}

}  // namespace weft::suite
