// A whole dinner as the body of a specimen.
//
// Thread safety: pure functions; each makes its own threads and joins them.
#pragma once

#include <cstddef>
#include <string>

#include "primitives/threading/lock.h"
#include "scenarios/avoidance/strategy.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::deadlock {

inline constexpr int kMeals = 5;

template <class S, class Fork>
std::string dinner_of(std::size_t seats) {
  const avoidance::Forks<Fork> forks(seats);
  S strategy = avoidance::strategy_of<S>(forks.all());
  avoidance::Table table(seats);
  together(static_cast<int>(seats), [&](int seat) {
    avoidance::dine(strategy, table, static_cast<std::size_t>(seat), kMeals);
  });
  return table.judge(kMeals);
}

template <template <class> class S, std::size_t kSeats>
std::string dinner() {
  return dinner_of<S<Lock>, Lock>(kSeats);
}

}  // namespace weft::scenarios::specimens::deadlock
