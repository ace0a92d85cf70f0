// put() only hands the item to somebody who will send it later, as a feeder thread does.
#include <optional>
#include <string>

#include "primitives/message/queue.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/message/buffered_queue.h"
#include "scenarios/specimens/message/message.h"

namespace weft::scenarios::specimens::message {
namespace {

template <class Q>
std::string put_and_get() {
  Q q;
  ipc::Process p([&] {
    q.put(1);
    if (!q.try_get()) throw std::runtime_error("the item is not there");
  });
  p.start();
  p.join();
  return unless(p.exitcode() == 0, "what was put was not there");
}

}  // namespace

constinit const Specimen kGotBeforeItIsThere{
    .row = "000-6",
    .name = "message/got_before_it_is_there",
    .mistake = "get_nowait() straight after a put() that has not sent the item yet",
    .kind = kind::kAssertion,
    .body = put_and_get<BufferedQueue>,
    .mended = put_and_get<ipc::Queue<int>>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::message
