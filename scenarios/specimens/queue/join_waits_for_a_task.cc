// A join() that was meant to mean "start the work, then wait until it is done".
#include "scenarios/specimens/queue/queue.h"
#include "scenarios/specimens/queue/textbook_queue.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::queue {
namespace {

class StartsWithAPut : public TextbookQueue {
 public:
  void join() {
    std::scoped_lock hold(lock_);
    while (puts_ == 0 || unfinished_ > 0) all_done_.wait();
  }
};

template <class Queue>
std::string join_new_queue() {
  Queue queue;
  together(1, [&](int) { queue.join(); });
  return "";
}

}  // namespace

constinit const Specimen kJoinWaitsForATask{
    .row = "001-5a",
    .name = "queue/join_waits_for_a_task",
    .mistake = "join() of a queue that was never used waits for a first task",
    .kind = kind::kHang,
    .deadlock = "thread 0 waits for Condition 'all done'",
    .body = join_new_queue<StartsWithAPut>,
    .mended = join_new_queue<TextbookQueue>,
};

}  // namespace weft::scenarios::specimens::queue
