#include "scenarios/queue/task_done.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <string>

#include "primitives/base/errors.h"
#include "primitives/queue/queue.h"
#include "scenarios/judging.h"
#include "scenarios/together.h"

namespace weft::scenarios {
namespace {

constexpr int kTasks = 10;
constexpr int kWorkers = 2;

// Got is not done: the queue is empty and the work is still to do.
void get_before_it_is_done(Transcript& out) {
  constexpr std::chrono::milliseconds kNow{0};
  Queue<std::size_t> q;
  q.put(0);
  q.get();
  out.claim(q.empty(), "an item that was got is still there");
  out.claim(!q.join_for(kNow), "join() takes an empty queue for done work");
  q.task_done();
  out.claim(q.join_for(kNow), "join() waits though all work is done");
}

void run(Transcript& out, const Pace& pace) {
  get_before_it_is_done(out);

  Queue<std::size_t> q;
  std::array<int, kTasks> work{};  // written by the worker that got the item, read after join()
  together(kWorkers + 1, [&](int i) {
    if (i < kWorkers) {
      for (const std::size_t item : q) {
        pace.pause(0.5);
        ++work[item];
        q.task_done();
      }
      return;
    }
    for (std::size_t item = 0; item < kTasks; ++item) q.put(item);
    q.join();
    int done = 0;
    for (const int times : work) done += times == 1 ? 1 : 0;
    out.say("join() has returned; done: " + std::to_string(done) + " of " + std::to_string(kTasks));
    q.shutdown();  // the workers' loops end
  });

  try {
    q.task_done();
    out.say("one task_done() too many: no error");
  } catch (const ValueError&) {
    out.say("one task_done() too many: ValueError");
  }
}

std::string judge(const Lines& lines) {
  return say_exactly(
      {"join() has returned; done: 10 of 10", "one task_done() too many: ValueError"}, lines);
}

}  // namespace

constinit const Scenario kTaskDone = {
    .row = "001-5c",
    .target = "//scenarios/queue:task_done",
    .shows = "join() returns when every task is done.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
