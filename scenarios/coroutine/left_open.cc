#include "scenarios/coroutine/left_open.h"

#include "scenarios/coroutine/stages.h"
#include "scenarios/judging.h"

namespace weft::scenarios {
namespace {

void run(Transcript& out, const Pace& pace) {
  Transcript elsewhere;  // what the producer says is another row's
  {
    auto c = stages::consumer(out);
    c.next();
    auto i = stages::intermediate(out, c);
    i.next();
    stages::producer(elsewhere, pace, i);
    out.say(c.done() ? "the consumer has ended" : "the consumer is suspended");
    c.close();
    out.say("closed once");
    c.close();
    out.say("closed twice");
  }
  {
    auto c = stages::consumer(out);
    c.next();
    out.say("another one is dropped");
  }
}

std::string judge(const Lines& lines) {
  Lines consumed = numbered("consumed ", 1, stages::kItems);
  return say_exactly(
      concatenated({consumed,
                    {"intermediate: done", "the consumer is suspended", "consumer: done",
                     "closed once", "closed twice", "another one is dropped", "consumer: done"}}),
      lines);
}

}  // namespace

constinit const Scenario kLeftOpen = {
    .row = "002-7b",
    .target = "//scenarios/coroutine:left_open",
    .shows = "A coroutine that nobody closes is suspended until it is dropped.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
