// Nobody puts anything.
#include <string>

#include "primitives/message/queue.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/message/message.h"

namespace weft::scenarios::specimens::message {
namespace {

template <bool kPuts>
std::string get_one() {
  ipc::Queue<int> q;
  ipc::Process p({.daemon = true}, [&] { (void)q.get(); });
  p.start();
  if (kPuts) q.put(1);
  p.join();
  return unless(q.empty(), "an item is left");
}

}  // namespace

constinit const Specimen kGetWithoutProducer{
    .row = "001-2",
    .name = "message/get_without_producer",
    .mistake = "a process gets from a queue that nobody puts into",
    .kind = kind::kHang,
    .body = get_one<false>,
    .mended = get_one<true>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::message
