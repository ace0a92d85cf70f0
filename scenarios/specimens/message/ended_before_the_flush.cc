// What a process has put lies in its own memory until it is flushed, and _exit() flushes nothing.
#include <unistd.h>

#include <optional>
#include <string>

#include "primitives/message/queue.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/message/buffered_queue.h"
#include "scenarios/specimens/message/message.h"

namespace weft::scenarios::specimens::message {
namespace {

constexpr int kItems = 10;

template <class Q>
std::string produce_and_end() {
  Q q;
  ipc::Process producer([&] {
    for (int i = 0; i < kItems; ++i) q.put(i);
    ::_exit(0);
  });
  producer.start();
  producer.join();
  int items = 0;
  while (q.try_get()) ++items;
  return unless_equal("number of items", items, kItems);
}

}  // namespace

constinit const Specimen kEndedBeforeTheFlush{
    .row = "002-6",
    .name = "message/ended_before_the_flush",
    .mistake = "the producer ends at once, before what it has put was sent",
    .kind = kind::kAssertion,
    .body = produce_and_end<BufferedQueue>,
    .mended = produce_and_end<ipc::Queue<int>>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::message
