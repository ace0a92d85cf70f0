// The queue of threads lies in each process's own memory.
#include <string>

#include "primitives/message/queue.h"
#include "primitives/process/process.h"
#include "primitives/queue/queue.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/message/message.h"

namespace weft::scenarios::specimens::message {
namespace {

template <class Q>
std::string put_in_a_child() {
  Q q;
  ipc::Process p({.daemon = true}, [&] { q.put(1); });
  p.start();
  p.join();  // the item is short
  return unless_equal("item", q.get(), 1);
}

}  // namespace

constinit const Specimen kThreadQueueBetweenProcesses{
    .row = "000-6",
    .name = "message/thread_queue_between_processes",
    .mistake = "a queue for threads is used between processes, and the item never arrives",
    .kind = kind::kHang,
    .body = put_in_a_child<Queue<int>>,
    .mended = put_in_a_child<ipc::Queue<int>>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::message
