// A worker says that a task is done as soon as it has got it, and then does it.
#include <atomic>

#include "primitives/annotate.h"
#include "primitives/queue/queue.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/queue/queue.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::queue {
namespace {

constexpr int kTasks = 5;

template <bool kTooEarly>
std::string work_off() {
  Queue<int> queue;
  std::atomic<int> done{0};
  int done_at_join = 0;
  for (int i = 0; i < kTasks; ++i) queue.put(i);
  together({[&] {
              for (int i = 0; i < kTasks; ++i) {
                (void)queue.get();
                if (kTooEarly) queue.task_done();
                annotate::point("the work");
                ++done;
                if (!kTooEarly) queue.task_done();
              }
            },
            [&] {
              queue.join();
              done_at_join = done;
            }});
  return unless_equal("number of tasks done when join() returned", done_at_join, kTasks);
}

}  // namespace

constinit const Specimen kTaskDoneBeforeTheWork{
    .row = "001-5c",
    .name = "queue/task_done_before_the_work",
    .mistake = "task_done() comes before the work is done, and join() returns early",
    .kind = kind::kAssertion,
    .body = work_off<true>,
    .mended = work_off<false>,
};

}  // namespace weft::scenarios::specimens::queue
