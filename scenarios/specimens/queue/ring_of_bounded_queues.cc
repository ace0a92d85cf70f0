// Three stages in a ring, each with a queue of its own for what the stage before sends. Each sends
// two items before it looks at its own queue.
#include <cstddef>
#include <deque>
#include <string>

#include "primitives/annotate.h"
#include "primitives/queue/queue.h"
#include "scenarios/specimens/queue/queue.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::queue {
namespace {

constexpr int kStages = 3;
constexpr int kItems = 2;

template <std::size_t kRoom>
std::string send_around() {
  std::deque<Queue<int>> queues;
  for (int i = 0; i < kStages; ++i) {
    annotate::named(&queues.emplace_back(kRoom), ("queue " + std::to_string(i)).c_str());
  }
  together(kStages, [&](int stage) {
    for (int i = 0; i < kItems; ++i) queues[(stage + 1) % kStages].put(i);
    for (int i = 0; i < kItems; ++i) (void)queues[stage].get();
  });
  return "";
}

}  // namespace

constinit const Specimen kRingOfBoundedQueues{
    .row = "002-5",
    .name = "queue/ring_of_bounded_queues",
    .mistake = "stages in a ring send into queues with too little room before they receive",
    .kind = kind::kHang,
    .deadlock =
        "thread 0 waits for Queue.put 'queue 1'; thread 1 waits for Queue.put 'queue 2'; thread 2 "
        "waits for Queue.put 'queue 0'",
    .body = send_around<1>,
    .mended = send_around<kItems>,
};

}  // namespace weft::scenarios::specimens::queue
