// The producer puts more than fits, and nobody takes it out yet.
#include <string>

#include "primitives/message/queue.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/message/message.h"

namespace weft::scenarios::specimens::message {
namespace {

constexpr int kItems = 100;

template <bool kJoinsFirst>
std::string produce_and_consume() {
  ipc::Queue<int> q(10);
  ipc::Process producer({.daemon = true}, [&] {
    for (int i = 0; i < kItems; ++i) q.put(i);
  });
  ipc::Process consumer({.daemon = true}, [&] {
    for (int i = 0; i < kItems; ++i) (void)q.get();
  });
  producer.start();
  if (kJoinsFirst) producer.join();
  consumer.start();
  producer.join();
  consumer.join();
  return unless(q.empty(), "an item is left");
}

}  // namespace

constinit const Specimen kProducerJoinedFirst{
    .row = "002-6",
    .name = "message/producer_joined_first",
    .mistake = "the parent waits for the end of the producer before it starts the consumer",
    .kind = kind::kHang,
    .body = produce_and_consume<true>,
    .mended = produce_and_consume<false>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::message
