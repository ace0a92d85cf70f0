#include "scenarios/locks/shared_counter.h"

#include <cstdint>
#include <string>

#include "primitives/threading/shared_counter.h"
#include "scenarios/judging.h"
#include "scenarios/together.h"

namespace weft::scenarios {
namespace {

constexpr int kTimes = 25;

void run(Transcript& out, const Pace&) {
  SharedCounter counter;
  out.say("value: " + std::to_string(counter.value()));

  // Two of each. The last two only read.
  together(6, [&](int i) {
    for (int n = 0; n < kTimes; ++n) {
      if (i < 2) counter.incr();
      if (i == 2 || i == 3) counter.decr();
      const std::int64_t seen = counter.value();
      out.claim(-2 * kTimes <= seen && seen <= 2 * kTimes, "a reader saw an impossible value");
    }
  });
  out.say("as often up as down: " + std::to_string(counter.value()));

  together(4, [&](int i) {
    for (int n = 0; n < kTimes; ++n) i < 2 ? counter.incr(5) : counter.decr(2);
  });
  out.say("50 times +5, 50 times -2: " + std::to_string(counter.value()));
}

std::string judge(const Lines& lines) {
  return say_exactly({"value: 0", "as often up as down: 0", "50 times +5, 50 times -2: 150"},
                     lines);
}

}  // namespace

constinit const Scenario kSharedCounter = {
    .row = "004-4",
    .target = "//scenarios/locks:shared_counter",
    .shows = "A counter with a lock of its own loses nothing.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
