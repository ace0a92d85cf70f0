// What a closed queue is given is refused.
#include <string>

#include "primitives/message/queue.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/message/message.h"

namespace weft::scenarios::specimens::message {
namespace {

template <bool kClosesFirst>
std::string put_and_close() {
  ipc::Queue<int> q;
  ipc::Queue<int> child_q = q;
  if (kClosesFirst) q.close();
  q.put(1);
  if (!kClosesFirst) q.close();
  ipc::Process p([&] { (void)child_q.get(); });
  p.start();
  p.join();
  return unless(child_q.empty(), "an item is left");
}

}  // namespace

constinit const Specimen kPutAfterClose{
    .row = "001-2",
    .name = "message/put_after_close",
    .mistake = "an item is put after the queue was closed",
    .kind = kind::kException,
    .body = put_and_close<true>,
    .mended = put_and_close<false>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::message
