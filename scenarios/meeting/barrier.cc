#include "scenarios/meeting/barrier.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>

#include "primitives/base/errors.h"
#include "primitives/threading/barrier.h"
#include "scenarios/judging.h"
#include "scenarios/together.h"

namespace weft::scenarios {
namespace {

constexpr int kParties = 5;
constexpr int kRounds = 3;

void say_state(Transcript& out, const Barrier& b) {
  out.say("parties " + std::to_string(b.parties()) + ", waiting " + std::to_string(b.n_waiting()) +
          ", " + (b.broken() ? "broken" : "not broken"));
}

// relaxed throughout: a count that ordered the threads would hide a barrier that does not.
class Count {
 public:
  void add() { value_.fetch_add(1, std::memory_order_relaxed); }
  int value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int> value_{0};
};

void meet(Transcript& out, Barrier& b) {
  std::array<Count, kRounds> came;
  std::array<std::array<Count, kParties>, kRounds> got_index;
  // Each thread writes its own and, after the barrier, reads its neighbour's.
  std::array<std::array<int, kParties>, kRounds> brought{};
  together(kParties, [&](int i) {
    const auto me = static_cast<std::size_t>(i);
    for (std::size_t round = 0; round < kRounds; ++round) {
      brought[round][me] = i;
      came[round].add();
      const std::size_t index = b.wait();
      out.claim(came[round].value() == kParties, "a thread left before all had come");
      const std::size_t neighbour = (me + 1) % kParties;
      out.claim(brought[round][neighbour] == static_cast<int>(neighbour),
                "what was done before the barrier is not seen after it");
      got_index[round][index].add();
    }
  });
  for (std::size_t round = 0; round < kRounds; ++round) {
    std::string line = "round " + std::to_string(round + 1) + ": indices";
    for (std::size_t index = 0; index < kParties; ++index) {
      for (int n = got_index[round][index].value(); n > 0; --n) line += " " + std::to_string(index);
    }
    out.say(line);
  }
}

void fail_to_meet(Transcript& out, Barrier& b) {
  // However late a thread comes, it finds the barrier broken: the length of the time-out is no
  // matter.
  constexpr std::chrono::milliseconds kTimeout{1};
  Count errors;
  together(kParties - 1, [&](int) {
    try {
      b.wait_for(kTimeout);
    } catch (const BrokenBarrierError&) {
      errors.add();
    }
  });
  out.say("one is missing: " + std::to_string(errors.value()) + " times BrokenBarrierError");
}

void run(Transcript& out, const Pace&) {
  const Barrier example(kParties, std::chrono::seconds(10));
  say_state(out, example);

  Barrier b(kParties);  // without a time-out: on a busy machine ten seconds may pass
  meet(out, b);
  fail_to_meet(out, b);
  say_state(out, b);
  b.reset();
  say_state(out, b);
  meet(out, b);
}

std::string judge(const Lines& lines) {
  const char whole[] = "parties 5, waiting 0, not broken";
  const Lines rounds = {"round 1: indices 0 1 2 3 4", "round 2: indices 0 1 2 3 4",
                        "round 3: indices 0 1 2 3 4"};
  const Lines broken = {"one is missing: 4 times BrokenBarrierError",
                        "parties 5, waiting 0, broken"};
  return say_exactly(concatenated({{whole}, rounds, broken, {whole}, rounds}), lines);
}

}  // namespace

constinit const Scenario kBarrier = {
    .row = "000-3",
    .target = "//scenarios/meeting:barrier",
    .shows = "Five threads meet, round after round; four break the barrier.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
