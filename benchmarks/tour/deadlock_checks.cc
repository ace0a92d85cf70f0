#include <cstddef>
#include <string>

#include "benchmarks/tour/checks.h"
#include "primitives/threading/lock.h"
#include "scenarios/avoidance/all_or_none.h"
#include "scenarios/avoidance/arbiter.h"
#include "scenarios/avoidance/back_off.h"
#include "scenarios/avoidance/chandy_misra.h"
#include "scenarios/avoidance/global_order.h"
#include "scenarios/avoidance/odd_even.h"
#include "scenarios/avoidance/table.h"

namespace weft::tour {
namespace {

constexpr std::size_t kSeats = 5;
constexpr int kMeals = 5;

// A dead-lock shows as a hang, two neighbours eating at once as a false property.
template <class Strategy>
void dine_all(Run& run, Strategy& strategy) {
  avoidance::Table table(kSeats);
  for (std::size_t seat = 0; seat < kSeats; ++seat) {
    run.thread("philosopher " + std::to_string(seat),
               [&strategy, &table, seat] { avoidance::dine(strategy, table, seat, kMeals); });
  }
  run.join();
  const std::string broke = table.judge(kMeals);
  run.require(broke.empty(), broke);
}

template <class Strategy>
void dine_with_forks(Run& run) {
  const avoidance::Forks<Lock> forks(kSeats);
  Strategy strategy(forks.all());
  dine_all(run, strategy);
}

void dine_with_back_off(Run& run) {
  const avoidance::Forks<Lock> forks(kSeats);
  avoidance::BackOff<Lock> strategy(forks.all(), run.seed());
  dine_all(run, strategy);
}

void dine_with_messages(Run& run) {
  avoidance::ChandyMisra<> strategy(kSeats);
  dine_all(run, strategy);
}

}  // namespace

std::vector<Check> deadlock_checks() {
  using avoidance::AllOrNone;
  using avoidance::Arbiter;
  using avoidance::GlobalOrder;
  using avoidance::OddEven;
  return {
      {"philosophers: global order", "all eat, no neighbours at once, and nobody waits for ever",
       dine_with_forks<GlobalOrder<Lock>>},
      {"philosophers: odd and even", "the same, if odd ones take the other fork first",
       dine_with_forks<OddEven<Lock>>},
      {"philosophers: scoped_lock", "the same, if both forks are taken at once or none",
       dine_with_forks<AllOrNone<Lock>>},
      {"philosophers: arbiter", "the same, if one fewer than all may sit down",
       dine_with_forks<Arbiter<Lock>>},
      {"philosophers: back-off", "the same, if who cannot have the second gives up the first",
       dine_with_back_off},
      {"philosophers: Chandy-Misra", "the same, if neighbours ask each other for forks",
       dine_with_messages},
  };
}

}  // namespace weft::tour
