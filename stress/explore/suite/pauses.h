// Sleeps for bodies that are about sleeping: under the explorer they take no time.
//
// Thread safety: any thread.
#pragma once

#include <chrono>
#include <thread>

namespace weft::suite {

template <class Rep, class Period>
void pause_for(std::chrono::duration<Rep, Period> duration) {
  // tidy-allow(sleep): sleeping is what these bodies are about
  std::this_thread::sleep_for(duration);
}

template <class Clock, class Duration>
void pause_until(std::chrono::time_point<Clock, Duration> time) {
  // tidy-allow(sleep): sleeping is what these bodies are about
  std::this_thread::sleep_until(time);
}

}  // namespace weft::suite
