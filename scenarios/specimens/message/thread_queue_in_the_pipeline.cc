// Two stages of a pipeline, of which the second never gets anything.
#include <string>

#include "primitives/message/queue.h"
#include "primitives/process/process.h"
#include "primitives/queue/queue.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/message/message.h"

namespace weft::scenarios::specimens::message {
namespace {

constexpr int kItems = 10;

template <class Q>
std::string pipeline() {
  Q q;
  ipc::Process producer({.daemon = true}, [&] {
    for (int i = 1; i <= kItems; ++i) q.put(i);
  });
  ipc::Process consumer({.daemon = true}, [&] {
    for (int i = 1; i <= kItems; ++i) {
      if (q.get() != i) throw std::runtime_error("an item out of its turn");
    }
  });
  producer.start();
  consumer.start();
  producer.join();
  consumer.join();
  return unless(consumer.exitcode() == 0, "the consumer did not get 1 to 10");
}

}  // namespace

constinit const Specimen kThreadQueueInThePipeline{
    .row = "002-6",
    .name = "message/thread_queue_in_the_pipeline",
    .mistake = "the stages are processes, and the queue between them is one for threads",
    .kind = kind::kHang,
    .body = pipeline<Queue<int>>,
    .mended = pipeline<ipc::Queue<int>>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::message
