#include "benchmarks/work/work.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace weft::benchmarks {
namespace {

using Clock = std::chrono::steady_clock;

// One step depends on the one before, so a core cannot do two at once; the empty assembly keeps the
// compiler from finding a closed form.
void step(std::uint64_t steps) {
  std::uint64_t x = 1;
  for (std::uint64_t i = 0; i < steps; ++i) {
    x = x * 6'364'136'223'846'793'005u + 1'442'695'040'888'963'407u;
    asm volatile("" : "+r"(x));
  }
}

// Of several measurements the fastest: whatever disturbs, slows down.
double steps_per_nanosecond() {
  constexpr std::uint64_t kSteps = 100'000;
  constexpr int kMeasurements = 20;
  double best = std::numeric_limits<double>::max();
  for (int i = 0; i < kMeasurements; ++i) {
    const Clock::time_point start = Clock::now();
    step(kSteps);
    best = std::min(best, std::chrono::duration<double, std::nano>(Clock::now() - start).count());
  }
  return static_cast<double>(kSteps) / best;
}

}  // namespace

Work::Work(std::uint64_t nanoseconds) {
  static const double rate = steps_per_nanosecond();
  steps_ = static_cast<std::uint64_t>(static_cast<double>(nanoseconds) * rate);
}

void Work::operator()() const { step(steps_); }

}  // namespace weft::benchmarks
