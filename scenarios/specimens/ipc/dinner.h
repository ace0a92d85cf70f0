// A whole dinner of processes as the body of a specimen.
//
// Thread safety: pure functions; each makes its own processes and joins them.
#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "primitives/ipc/barrier.h"
#include "primitives/ipc/lock.h"
#include "primitives/process/process.h"
#include "scenarios/avoidance/process_table.h"
#include "scenarios/avoidance/strategy.h"
#include "scenarios/specimens/judge.h"

namespace weft::scenarios::specimens::ipc {

// Empty if everybody ate as often as was wanted and no fork was in two hands.
template <template <class> class S, std::size_t kSeats, class Fork = weft::ipc::Lock>
std::string dinner() {
  constexpr int kMeals = 5;
  std::vector<Fork> forks(kSeats);
  auto strategy = avoidance::strategy_of<S<Fork>>(std::span(forks));
  weft::ipc::Barrier seated(kSeats);
  avoidance::ProcessTable table(kSeats);
  const auto dine = [&](std::size_t seat) {
    seated.wait();
    avoidance::dine(strategy, table, seat, kMeals);
  };
  std::deque<weft::ipc::Process> philosophers;
  for (std::size_t seat = 0; seat < kSeats; ++seat) {
    philosophers.emplace_back(weft::ipc::Process::Options{.daemon = true}, dine, seat).start();
  }
  for (weft::ipc::Process& philosopher : philosophers) philosopher.join();
  for (const int eaten : table.meals().span()) {
    if (eaten != kMeals) return unless_equal("number of meals", eaten, kMeals);
  }
  return unless(!table.was_shared(), "two neighbours ate with one fork");
}

}  // namespace weft::scenarios::specimens::ipc
