// Two consumers and one item: each looks whether the queue is empty and then gets.
#include "primitives/annotate.h"
#include "primitives/queue/queue.h"
#include "scenarios/specimens/queue/queue.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::queue {
namespace {

void look_and_get(Queue<int>& queue) {
  if (queue.empty()) return;
  annotate::point("saw that there is an item");
  (void)queue.get();
}

void get_if_there(Queue<int>& queue) { (void)queue.try_get(); }

template <void (*kConsume)(Queue<int>&)>
std::string share_one_item() {
  Queue<int> queue;
  annotate::named(&queue, "queue");
  queue.put(1);
  together(2, [&](int) { kConsume(queue); });
  return queue.empty() ? "" : "the item was left in the queue";
}

}  // namespace

constinit const Specimen kCheckThenGet{
    .row = "001-5d",
    .name = "queue/check_then_get",
    .mistake = "a get() relies on an empty() that was true a moment ago",
    .kind = kind::kHang,
    .deadlock = "waits for Queue.get 'queue'",
    .body = share_one_item<look_and_get>,
    .mended = share_one_item<get_if_there>,
};

}  // namespace weft::scenarios::specimens::queue
