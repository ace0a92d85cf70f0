// A whole dinner of processes as the body of a specimen.
//
// Thread safety: pure functions; each makes its own processes and joins them.
#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "primitives/ipc/array.h"
#include "primitives/ipc/barrier.h"
#include "primitives/ipc/lock.h"
#include "primitives/process/process.h"
#include "scenarios/avoidance/strategy.h"
#include "scenarios/specimens/judge.h"

namespace weft::scenarios::specimens::ipc {

// Empty if everybody ate as often as was wanted and no fork was in two hands.
template <template <class> class S, std::size_t kSeats, class Fork = weft::ipc::Lock>
std::string dinner() {
  constexpr int kMeals = 5;
  std::vector<Fork> forks(kSeats);
  S<Fork> strategy = [&] {
    constexpr std::uint64_t kSeed = 1;
    if constexpr (std::constructible_from<S<Fork>, std::span<Fork>, std::uint64_t>) {
      return S<Fork>(std::span(forks), kSeed);
    } else {
      return S<Fork>(std::span(forks));
    }
  }();
  weft::ipc::Barrier seated(kSeats);
  weft::ipc::RawArray<int> eaters(kSeats), meals(kSeats), shared(1);
  const auto dine = [&](std::size_t seat) {
    seated.wait();
    for (int i = 0; i < kMeals; ++i) {
      strategy.take(seat);
      for (const std::size_t fork :
           {avoidance::left_fork(seat), avoidance::right_fork(seat, kSeats)}) {
        if (eaters.atomic(fork).fetch_add(1) != 0) shared.atomic(0) = 1;
      }
      std::this_thread::yield();  // a meal takes time, in which a neighbour may come
      meals.atomic(seat) += 1;
      for (const std::size_t fork :
           {avoidance::left_fork(seat), avoidance::right_fork(seat, kSeats)}) {
        eaters.atomic(fork) -= 1;
      }
      strategy.put(seat);
    }
  };
  std::deque<weft::ipc::Process> philosophers;
  for (std::size_t seat = 0; seat < kSeats; ++seat) {
    philosophers.emplace_back(weft::ipc::Process::Options{.daemon = true}, dine, seat).start();
  }
  for (weft::ipc::Process& philosopher : philosophers) philosopher.join();
  for (const int eaten : meals.span()) {
    if (eaten != kMeals) return unless_equal("number of meals", eaten, kMeals);
  }
  return unless(shared[0] == 0, "two neighbours ate with one fork");
}

}  // namespace weft::scenarios::specimens::ipc
