#include "scenarios/message/process_pipeline.h"

#include <string>

#include "primitives/message/queue.h"
#include "primitives/process/process.h"
#include "scenarios/process/python_words.h"
#include "scenarios/process/talk.h"
#include "scenarios/queue/pipeline_lines.h"

namespace weft::scenarios {
namespace {

constexpr int kItems = kPipelineItems;

void run(Transcript& out, const Pace& pace) {
  Talk talk;
  ipc::Queue<int> intermediate_queue;
  ipc::Queue<int> consumer_queue;

  ipc::Process p([&] {
    for (int i = 0; i < kItems; ++i) {
      intermediate_queue.put(i);
      talk.say("produced " + std::to_string(i));
      pace.pause(0.5);
    }
    talk.say("producer: done");
  });
  ipc::Process i([&] {
    while (true) {
      const int item = intermediate_queue.get();
      consumer_queue.put(item + 1);
      if (item == kItems - 1) break;
    }
    talk.say("intermediate: done");
  });
  ipc::Process c([&] {
    while (true) {
      const int item = consumer_queue.get();
      talk.say("consumed " + std::to_string(item));
      if (item == kItems) break;
    }
    talk.say("consumer: done");
  });
  p.start();
  i.start();
  c.start();
  talk.listen(out);
  for (ipc::Process* each : {&p, &i, &c}) {
    each->join();
    out.claim(each->exitcode() == 0, each->name() + " ended with " + in_python(each->exitcode()));
  }
  out.claim(intermediate_queue.empty() && consumer_queue.empty(), "an item is left in a queue");
}

}  // namespace

constinit const Scenario kProcessPipeline = {
    .row = "002-6",
    .target = "//scenarios/message:process_pipeline",
    .shows = "Three processes hand numbers on, each to the next, through two queues.",
    .run = run,
    .judge = judge_pipeline,
    .starts_processes = true,
};

}  // namespace weft::scenarios
