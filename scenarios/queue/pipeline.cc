#include "scenarios/queue/pipeline.h"

#include <string>

#include "primitives/queue/queue.h"
#include "primitives/threading/thread.h"
#include "scenarios/judging.h"

namespace weft::scenarios {
namespace {

constexpr int kItems = 10;

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

std::string judge(const Lines& lines) {
  const Lines produced = concatenated({numbered("produced ", 0, kItems - 1), {"producer: done"}});
  const Lines consumed = concatenated({numbered("consumed ", 1, kItems), {"consumer: done"}});
  const Lines intermediate = {"intermediate: done"};
  std::string complaint =
      first_of({say_in_any_order(concatenated({produced, intermediate, consumed}), lines),
                in_order(produced, lines), in_order(consumed, lines),
                // An item is put before its line is said, but after the line of the item before.
                in_order({"produced " + std::to_string(kItems - 2), "intermediate: done"}, lines)});
  for (int i = 1; i < kItems && complaint.empty(); ++i) {
    complaint =
        in_order({"produced " + std::to_string(i - 1), "consumed " + std::to_string(i + 1)}, lines);
  }
  return complaint;
}

}  // namespace

constinit const Scenario kPipeline = {
    .row = "002-5",
    .target = "//scenarios/queue:pipeline",
    .shows = "Ten numbers go through three threads and two queues.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
