#include "scenarios/queue/pipeline.h"

#include <string>

#include "primitives/queue/queue.h"
#include "primitives/threading/thread.h"
#include "scenarios/queue/pipeline_lines.h"

namespace weft::scenarios {
namespace {

constexpr int kItems = kPipelineItems;

void run(Transcript& out, const Pace& pace) {
  Queue<int> intermediate_queue;
  Queue<int> consumer_queue;

  Thread p([&] {
    for (int i = 0; i < kItems; ++i) {
      intermediate_queue.put(i);
      out.say("produced " + std::to_string(i));
      pace.pause(0.5);
    }
    out.say("producer: done");
  });
  Thread i([&] {
    while (true) {
      const int item = intermediate_queue.get();
      consumer_queue.put(item + 1);
      if (item == kItems - 1) break;
    }
    out.say("intermediate: done");
  });
  Thread c([&] {
    while (true) {
      const int item = consumer_queue.get();
      out.say("consumed " + std::to_string(item));
      if (item == kItems) break;
    }
    out.say("consumer: done");
  });
  p.start();
  i.start();
  c.start();
  p.join();
  i.join();
  c.join();
  out.claim(intermediate_queue.empty() && consumer_queue.empty(), "an item is left in a queue");
}

}  // namespace

constinit const Scenario kPipeline = {
    .row = "002-5",
    .target = "//scenarios/queue:pipeline",
    .shows = "Ten numbers go through three threads and two queues.",
    .run = run,
    .judge = judge_pipeline,
};

}  // namespace weft::scenarios
