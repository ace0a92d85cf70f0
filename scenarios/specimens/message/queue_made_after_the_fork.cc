// Each process makes a queue of its own, under the same name.
#include <optional>
#include <string>

#include "primitives/message/queue.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/message/message.h"

namespace weft::scenarios::specimens::message {
namespace {

template <bool kMadeAtFirstUse>
std::string produce_and_consume() {
  std::optional<ipc::Queue<int>> q;
  const auto queue = [&]() -> ipc::Queue<int>& { return q ? *q : q.emplace(); };
  if (!kMadeAtFirstUse) (void)queue();
  ipc::Process producer({.daemon = true}, [&] { queue().put(1); });
  ipc::Process consumer({.daemon = true}, [&] { (void)queue().get(); });
  producer.start();
  consumer.start();
  producer.join();
  consumer.join();
  return unless(queue().empty(), "an item is left");
}

}  // namespace

constinit const Specimen kQueueMadeAfterTheFork{
    .row = "002-6",
    .name = "message/queue_made_after_the_fork",
    .mistake = "the queue is made when it is first used, after the processes were started",
    .kind = kind::kHang,
    .body = produce_and_consume<true>,
    .mended = produce_and_consume<false>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::message
