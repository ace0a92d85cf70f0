// A queue whose get() counts the task as done: join() then returns when the queue is empty.
#include <atomic>

#include "primitives/annotate.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/queue/queue.h"
#include "scenarios/specimens/queue/textbook_queue.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::queue {
namespace {

constexpr int kTasks = 5;

class DoneWhenGot : public TextbookQueue {
 public:
  std::optional<int> get() {
    const auto item = TextbookQueue::get();
    TextbookQueue::task_done();
    return item;
  }
  void task_done() {}
};

template <class Queue>
std::string work_off() {
  Queue queue;
  std::atomic<int> done{0};
  int done_at_join = 0;
  for (int i = 0; i < kTasks; ++i) queue.put(i);
  together({[&] {
              for (int i = 0; i < kTasks; ++i) {
                (void)queue.get();
                annotate::point("the work");
                ++done;
                queue.task_done();
              }
            },
            [&] {
              queue.join();
              done_at_join = done;
            }});
  return unless_equal("number of tasks done when join() returned", done_at_join, kTasks);
}

}  // namespace

constinit const Specimen kGetCountsAsDone{
    .row = "001-5c",
    .name = "queue/get_counts_as_done",
    .mistake = "get() counts a task as done, and join() returns when the queue is empty",
    .kind = kind::kAssertion,
    .body = work_off<DoneWhenGot>,
    .mended = work_off<TextbookQueue>,
};

}  // namespace weft::scenarios::specimens::queue
