#include "scenarios/process/counter.h"

#include <string>

#include "primitives/process/process.h"
#include "scenarios/judging.h"
#include "scenarios/process/talk.h"

namespace weft::scenarios {
namespace {

void run(Transcript& out, const Pace& pace) {
  int counter = 10;
  Talk talk;
  const auto hello = [&](const std::string& who) {
    for (int i = 0; i < 5; ++i) {
      ++counter;
      talk.say("hello " + who + " " + std::to_string(counter));
      pace.pause(1);
    }
  };
  ipc::Process world(hello, "world"), myself(hello, "myself");
  world.start();
  myself.start();
  talk.listen(out);
  world.join();
  myself.join();
  out.say("counter is : " + std::to_string(counter));
}

std::string judge(const Lines& lines) {
  const Lines world = numbered("hello world ", 11, 15), myself = numbered("hello myself ", 11, 15);
  const std::string end = "counter is : 10";
  return first_of({
      say_in_any_order(concatenated({world, myself, {end}}), lines),
      in_order(concatenated({world, {end}}), lines),
      in_order(concatenated({myself, {end}}), lines),
  });
}

}  // namespace

constinit const Scenario kCounter = {
    .row = "003-2",
    .target = "//scenarios/process:counter",
    .shows = "Two processes count from 11 to 15, each in its own copy of the counter.",
    .run = run,
    .judge = judge,
    .starts_processes = true,
};

}  // namespace weft::scenarios
