#include "scenarios/queue/join_new.h"

#include <string>

#include "primitives/queue/queue.h"
#include "scenarios/judging.h"

namespace weft::scenarios {
namespace {

const char kReturned[] = "join() has returned";

void run(Transcript& out, const Pace&) {
  Queue<std::string> q;
  out.claim(q.unfinished_tasks() == 0, "a new queue has unfinished tasks");
  q.join();
  out.say(kReturned);
}

std::string judge(const Lines& lines) { return say_exactly({kReturned}, lines); }

}  // namespace

constinit const Scenario kJoinNew = {
    .row = "001-5a",
    .target = "//scenarios/queue:join_new",
    .shows = "join() on a new queue returns at once.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
