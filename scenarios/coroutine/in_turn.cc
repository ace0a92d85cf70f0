#include "scenarios/coroutine/in_turn.h"

#include <string>

#include "primitives/coroutine/coroutine.h"
#include "scenarios/judging.h"

namespace weft::scenarios {
namespace {

constexpr int kSteps = 20;

Coroutine<> task(Transcript& out, std::string& a, char letter, Pace pace, double beats) {
  for (int i = 0; i < kSteps; ++i) {
    out.say(std::string(1, letter));
    a += letter;
    co_yield {};
    pace.pause(beats);
  }
}

bool ends_with_the_next_step(Coroutine<>& coroutine) {
  if (coroutine.done()) return false;
  try {
    coroutine.next();
  } catch (const StopIteration&) {
    return coroutine.done();
  }
  return false;
}

void run(Transcript& out, const Pace& pace) {
  std::string a;
  auto t1 = task(out, a, 'o', pace, 0.5);
  auto t2 = task(out, a, 'O', pace, 0.25);
  for (int i = 0; i < kSteps; ++i) {
    t1.next();
    t2.next();
  }
  out.say("a = " + a);
  out.claim(ends_with_the_next_step(t1), "the first one does not end with its 21st step");
  out.claim(ends_with_the_next_step(t2), "the second one does not end with its 21st step");
}

std::string judge(const Lines& lines) {
  Lines expected;
  std::string a;
  for (int i = 0; i < kSteps; ++i) {
    expected.insert(expected.end(), {"o", "O"});
    a += "oO";
  }
  expected.push_back("a = " + a);
  return say_exactly(expected, lines);
}

}  // namespace

constinit const Scenario kInTurn = {
    .row = "002-4",
    .target = "//scenarios/coroutine:in_turn",
    .shows = "Two coroutines share a string and take turns.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
