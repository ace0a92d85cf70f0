#include "scenarios/meeting/signal.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <string>

#include "primitives/threading/event.h"
#include "scenarios/judging.h"
#include "scenarios/together.h"

namespace weft::scenarios {
namespace {

constexpr int kWaiters = 3;
const char kNotSet[] = "is_set: False";
const char kSet[] = "set()";
const char kAfter[] = "wait() after set(): True";
const char kCleared[] = "is_set after clear(): False";

void run(Transcript& out, const Pace& pace) {
  Event signal;
  signal.clear();  // changes nothing: it is new
  out.say(signal.is_set() ? "is_set: True" : kNotSet);
  out.claim(!signal.wait_for(std::chrono::milliseconds(0)), "wait() passed before set()");

  int message = 0;  // written before set(), read after wait()
  together(kWaiters + 1, [&](int i) {
    if (i == kWaiters) {
      pace.pause(2);
      message = 42;
      out.say(kSet);
      signal.set();
      return;
    }
    signal.wait();
    out.say("waiter " + std::to_string(i) + ": " + std::to_string(message));
  });

  out.say(signal.wait_for(std::chrono::milliseconds(0)) ? kAfter : "wait() after set(): False");
  signal.clear();
  out.say(signal.is_set() ? "is_set after clear(): True" : kCleared);
}

std::string judge(const Lines& lines) {
  const Lines waiters = {"waiter 0: 42", "waiter 1: 42", "waiter 2: 42"};
  std::string complaint =
      say_in_any_order(concatenated({{kNotSet, kSet}, waiters, {kAfter, kCleared}}), lines);
  for (const std::string& waiter : waiters) {
    if (!complaint.empty()) break;
    complaint = in_order({kNotSet, kSet, waiter, kAfter, kCleared}, lines);
  }
  return complaint;
}

}  // namespace

constinit const Scenario kSignal = {
    .row = "001-10",
    .target = "//scenarios/meeting:signal",
    .shows = "One set() lets all waiting threads go.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
