#include "scenarios/pool/asked.h"

#include <chrono>

#include "primitives/base/errors.h"
#include "scenarios/judging.h"
#include "scenarios/pool/ten_numbers.h"

namespace weft::scenarios {

using std::chrono_literals::operator""ms;

void wait_and_get(Transcript& out, const AsyncResult<std::vector<int>>& results) {
  results.wait();
  out.claim(results.ready(), "wait() has returned, and it is not ready");
  out.claim(results.successful(), "nothing failed, and it was no success");
  out.say(list_text(results.get()));
}

void ask_too_early(Transcript& out, const AsyncResult<std::vector<int>>& results,
                   const std::function<void()>& let_go, const int& callbacks) {
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
  let_go();
  out.say("later: " + list_text(results.get()));
  out.claim(results.ready(), "it was ready, and is no more");
  out.say("callbacks: " + std::to_string(callbacks));
}

std::string judge_asked(const Lines& lines) {
  const std::string doubled = "[0, 2, 4, 6, 8, 10, 12, 14, 16, 18]";
  return say_exactly(
      {doubled, "successful: not ready", "get: not in time", "later: " + doubled, "callbacks: 1"},
      lines);
}

}  // namespace weft::scenarios
