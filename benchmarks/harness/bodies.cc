#include "benchmarks/harness/bodies.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace weft::benchmarks {
namespace {

void do_nothing(void*) {}

void load_and_store(void*) {
  std::atomic<int> shared{0};
  const auto step = [&] { shared.store(shared.load() + 1); };
  std::thread one(step);
  std::thread other(step);
  one.join();
  other.join();
}

void dine(void*) {
  constexpr int kPhilosophers = 5;
  std::mutex forks[kPhilosophers];
  std::thread threads[kPhilosophers];
  for (int i = 0; i < kPhilosophers; ++i) {
    threads[i] = std::thread([&, i] {
      std::mutex& lower = forks[std::min(i, (i + 1) % kPhilosophers)];
      std::mutex& upper = forks[std::max(i, (i + 1) % kPhilosophers)];
      for (int round = 0; round < 2; ++round) {
        const std::lock_guard first(lower);
        const std::lock_guard second(upper);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

void add(void*) {
  std::atomic<int> shared{0};
  const auto steps = [&] {
    for (int i = 0; i < kAdditions; ++i) shared.fetch_add(1);
  };
  std::thread one(steps);
  std::thread other(steps);
  one.join();
  other.join();
}

void write(void*) {
  constexpr int kNumbers = 64;
  volatile int numbers[kNumbers];
  for (int i = 0; i < kWrites; ++i) numbers[i % kNumbers] = i;
}

}  // namespace

// The one of this compilation.
constinit const Bodies WEFT_BODIES = {do_nothing, load_and_store, dine, add, write};

}  // namespace weft::benchmarks
