// Philosophers who do everything at the stroke of a gong: take the left fork, try for the right
// one, give the left one back. Nobody sleeps for good and nobody ever eats.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <random>

#include "primitives/annotate.h"
#include "primitives/threading/barrier.h"
#include "primitives/threading/lock.h"
#include "scenarios/avoidance/table.h"
#include "scenarios/specimens/deadlock/deadlock.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::deadlock {
namespace {

constexpr std::size_t kSeats = 3;

// How many rounds a philosopher lets pass after an attempt that failed.
using Pause = unsigned (*)(std::minstd_rand& random);

unsigned none(std::minstd_rand&) { return 0; }
unsigned up_to_three(std::minstd_rand& random) { return random() % 4; }

template <Pause kPause>
std::string dine() {
  std::array<Lock, kSeats> forks;
  Barrier gong(kSeats);
  annotate::named(&gong, "the gong");
  avoidance::Table table(kSeats);
  std::atomic<std::size_t> fed{0};
  together(kSeats, [&](int index) {
    const auto seat = static_cast<std::size_t>(index);
    Lock& left = forks[avoidance::left_fork(seat)];
    Lock& right = forks[avoidance::right_fork(seat, kSeats)];
    std::minstd_rand random(static_cast<unsigned>(seat) + 1);
    bool hungry = true;
    unsigned pause = 0;
    // Read after the third stroke and changed before it: all leave after the same round.
    while (fed != kSeats) {
      gong.wait();
      const bool tries = hungry && pause == 0;
      const bool has_left = tries && left.try_acquire();
      gong.wait();
      if (has_left && right.try_acquire()) {
        table.eat(seat);
        right.release();
        hungry = false;
        ++fed;
      } else {
        pause = tries ? kPause(random) : pause - std::min(pause, 1u);
      }
      gong.wait();
      if (has_left) left.release();
    }
  });
  return table.judge(1);
}

}  // namespace

constinit const Specimen kInStepWithoutBackOff{
    .row = "003-1a",
    .name = "deadlock/in_step_without_back_off",
    .mistake = "all give their fork back at once and all try again at once, for ever",
    .kind = kind::kLivelock,
    .body = dine<none>,
    .mended = dine<up_to_three>,
};

}  // namespace weft::scenarios::specimens::deadlock
