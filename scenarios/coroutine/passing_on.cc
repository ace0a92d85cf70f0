#include "scenarios/coroutine/passing_on.h"

#include <string>

#include "scenarios/coroutine/stages.h"
#include "scenarios/judging.h"

namespace weft::scenarios {
namespace {

void run(Transcript& out, const Pace& pace) {
  auto c = stages::consumer(out);
  c.next();  // up to the first yield
  auto i = stages::intermediate(out, c);
  i.next();
  stages::producer(out, pace, i);
  out.claim(i.done(), "the intermediate stage was closed, and has not ended");
  out.say("(the program ends)");  // which drops the consumer
}

std::string judge(const Lines& lines) {
  Lines expected;
  for (int i = 0; i < stages::kItems; ++i) {
    expected.push_back("consumed " + std::to_string(i + 1));
    expected.push_back("produced " + std::to_string(i));
  }
  expected.insert(expected.end(),
                  {"intermediate: done", "producer: done", "(the program ends)", "consumer: done"});
  return say_exactly(expected, lines);
}

}  // namespace

constinit const Scenario kPassingOn = {
    .row = "002-7a",
    .target = "//scenarios/coroutine:passing_on",
    .shows = "Ten numbers go through three coroutines.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
