#include "scenarios/pool/map_async.h"

#include <chrono>
#include <string>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/pool/thread_pool.h"
#include "primitives/threading/event.h"
#include "scenarios/judging.h"
#include "scenarios/pool/ten_numbers.h"

namespace weft::scenarios {
namespace {

using std::chrono_literals::operator""ms;

// As the document has it.
void wait_and_get(Transcript& out, ThreadPool& pool1) {
  const auto results = pool1.map_async(adder, ten_numbers());
  results.wait();
  out.claim(results.ready(), "wait() has returned, and it is not ready");
  out.claim(results.successful(), "nothing failed, and it was no success");
  out.say(list_text(results.get()));
}

// The numbers wait until they are let go, so that it is certain that nothing is ready.
void ask_too_early(Transcript& out, ThreadPool& pool1) {
  Event go;
  int callbacks = 0;
  const auto results = pool1.map_async(
      [&go](int a) {
        go.wait();
        return adder(a);
      },
      ten_numbers(), 1, [&callbacks](const std::vector<int>&) { ++callbacks; });
  out.claim(!results.ready(), "it is ready before its numbers were worked on");
  try {
    (void)results.successful();
  } catch (const ValueError&) {
    out.say("successful: not ready");
  }
  try {
    (void)results.get_for(1ms);
  } catch (const TimeoutError&) {
    out.say("get: not in time");
  }
  out.claim(!results.wait_for(1ms), "wait_for() takes the end of its time for the result");
  go.set();
  out.say("later: " + list_text(results.get()));
  out.claim(results.ready(), "it was ready, and is no more");
  out.say("callbacks: " + std::to_string(callbacks));
}

void run(Transcript& out, const Pace&) {
  ThreadPool pool1(4);
  wait_and_get(out, pool1);
  ask_too_early(out, pool1);
}

std::string judge(const Lines& lines) {
  const std::string doubled = "[0, 2, 4, 6, 8, 10, 12, 14, 16, 18]";
  return say_exactly(
      {doubled, "successful: not ready", "get: not in time", "later: " + doubled, "callbacks: 1"},
      lines);
}

}  // namespace

constinit const Scenario kMapAsync = {
    .row = "000-8b",
    .target = "//scenarios/pool:map_async",
    .shows = "A result that is asked for later, and says so when it is not there.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
