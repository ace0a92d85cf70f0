#include "scenarios/message/queue_block.h"

#include <chrono>
#include <string>

#include "primitives/base/errors.h"
#include "primitives/message/queue.h"
#include "primitives/process/process.h"
#include "scenarios/judging.h"
#include "scenarios/process/python_words.h"

namespace weft::scenarios {
namespace {

void run(Transcript& out, const Pace&) {
  ipc::Queue<std::string> q(1);
  q.put("Object");
  out.say(q.get());
  try {
    (void)q.get_for(std::chrono::milliseconds(1));
  } catch (const QueueEmpty&) {
    out.say("empty");
  }
  q.put("one");
  try {
    q.put_nowait("two");
  } catch (const QueueFull&) {
    out.say("full");
  }
  ipc::Queue<std::string> answers(1);
  ipc::Process p([&] {
    answers.put(q.get());  // makes room for the parent's put()
    answers.put(q.get());
  });
  p.start();
  q.put("two");
  out.say(answers.get());
  out.say(answers.get());
  p.join();
  out.say("exitcode: " + in_python(p.exitcode()));
  q.close();
  try {
    q.put("three");
  } catch (const ValueError&) {
    out.say("closed");
  }
}

std::string judge(const Lines& lines) {
  return say_exactly({"Object", "empty", "full", "one", "two", "exitcode: 0", "closed"}, lines);
}

}  // namespace

constinit const Scenario kQueueBlock = {
    .row = "001-2",
    .target = "//scenarios/message:queue_block",
    .shows = "put() waits for room and get() for an item, in any process.",
    .run = run,
    .judge = judge,
    .starts_processes = true,
};

}  // namespace weft::scenarios
