#include "scenarios/process_pool/process_map_async.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/ipc/event.h"
#include "primitives/process_pool/process_pool.h"
#include "scenarios/judging.h"
#include "scenarios/pool/ten_numbers.h"

namespace weft::scenarios {
namespace {

using std::chrono_literals::operator""ms;

// What the numbers wait for, so that it is certain that nothing is ready. The pool's processes have
// this thread's.
thread_local std::optional<ipc::Event> go;

int patient_adder(int a) {
  go->wait();
  return adder(a);
}

// As the document has it.
void wait_and_get(Transcript& out, ipc::Pool& pool1) {
  const auto results = pool1.map_async(adder, ten_numbers());
  results.wait();
  out.claim(results.ready(), "wait() has returned, and it is not ready");
  out.claim(results.successful(), "nothing failed, and it was no success");
  out.say(list_text(results.get()));
}

void ask_too_early(Transcript& out, ipc::Pool& pool1) {
  int callbacks = 0;
  const auto results = pool1.map_async(patient_adder, ten_numbers(), 1,
                                       [&callbacks](const std::vector<int>&) { ++callbacks; });
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
  go->set();
  out.say("later: " + list_text(results.get()));
  out.claim(results.ready(), "it was ready, and is no more");
  out.say("callbacks: " + std::to_string(callbacks));
}

void run(Transcript& out, const Pace&) {
  go.emplace();
  ipc::Pool pool1(4);
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

constinit const Scenario kProcessMapAsync = {
    .row = "000-8b",
    .target = "//scenarios/process_pool:process_map_async",
    .shows = "A result of processes that is asked for later, and says so when it is not there.",
    .run = run,
    .judge = judge,
    .starts_processes = true,
};

}  // namespace weft::scenarios
