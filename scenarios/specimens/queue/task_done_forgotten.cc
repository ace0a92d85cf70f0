// A worker does its tasks and does not say so.
#include "primitives/annotate.h"
#include "primitives/queue/queue.h"
#include "scenarios/specimens/queue/queue.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::queue {
namespace {

constexpr int kTasks = 3;

template <bool kSaysSo>
std::string work_off() {
  Queue<int> queue;
  annotate::named(&queue, "tasks");
  for (int i = 0; i < kTasks; ++i) queue.put(i);
  together({[&] {
              for (int i = 0; i < kTasks; ++i) {
                (void)queue.get();
                if (kSaysSo) queue.task_done();
              }
            },
            [&] { queue.join(); }});
  return "";
}

}  // namespace

constinit const Specimen kTaskDoneForgotten{
    .row = "001-5c",
    .name = "queue/task_done_forgotten",
    .mistake = "task_done() is forgotten, and join() waits for it",
    .kind = kind::kHang,
    .deadlock = "waits for Queue.join 'tasks'",
    .body = work_off<false>,
    .mended = work_off<true>,
};

}  // namespace weft::scenarios::specimens::queue
