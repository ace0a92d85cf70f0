#include "scenarios/threading/overlap.h"

#include <array>
#include <atomic>
#include <thread>

#include "primitives/threading/barrier.h"
#include "primitives/threading/thread.h"
#include "scenarios/judging.h"

namespace weft::scenarios {
namespace {

const char kWaiting[] = "two waiting threads overlap";
const char kComputing[] = "two computing threads overlap";

// Neither gets past the middle of its work without the other: under a lock that only one of them
// can hold, the first would wait there for ever.
void wait_in_two_threads(const Pace& pace) {
  Barrier middle(2);
  const auto sleep = [&] {
    pace.pause(1);
    middle.wait();
    pace.pause(1);
  };
  Thread one(sleep);
  Thread other(sleep);
  one.start();
  other.start();
  one.join();
  other.join();
}

void compute_in_two_threads() {
  constexpr int kSteps = 8;
  std::array<std::atomic<int>, 2> steps_done{};
  const auto compute = [&](std::size_t mine, std::size_t others) {
    for (int step = 1; step <= kSteps; ++step) {
      steps_done[mine].store(step);
      // No more than one step ahead: they go side by side, without sleeping.
      while (steps_done[others].load() + 1 < step) std::this_thread::yield();
    }
  };
  Thread one(compute, 0U, 1U);
  Thread other(compute, 1U, 0U);
  one.start();
  other.start();
  one.join();
  other.join();
}

void run(Transcript& out, const Pace& pace) {
  wait_in_two_threads(pace);
  out.say(kWaiting);
  compute_in_two_threads();
  out.say(kComputing);
}

std::string judge(const Lines& lines) { return say_exactly({kWaiting, kComputing}, lines); }

}  // namespace

constinit const Scenario kOverlap = {
    .row = "004-8",
    .target = "//scenarios/threading:overlap",
    .shows = "Threads wait and compute at the same time: there is no global lock.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
