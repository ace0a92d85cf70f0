// Two intermediate stages share a queue, and the producer sends one end mark.
#include "scenarios/specimens/queue/queue.h"
#include "scenarios/specimens/queue/stages.h"

namespace weft::scenarios::specimens::queue {
namespace {

std::string with_end_marks(int count) {
  Items items = zero_to_nine();
  items.insert(items.end(), count, kEnd);
  return Stages{.produced = items, .last_in = kEnd, .last_out = kEnd, .intermediates = 2}.run();
}

std::string broken() { return with_end_marks(1); }
std::string mended() { return with_end_marks(2); }

}  // namespace

constinit const Specimen kOneSentinelForTwo{
    .row = "002-5",
    .name = "queue/one_sentinel_for_two",
    .mistake = "two stages share a queue and one end mark: the other one waits for ever",
    .kind = kind::kHang,
    .deadlock = "waits for Queue.get 'queue to the ",
    .body = broken,
    .mended = mended,
};

}  // namespace weft::scenarios::specimens::queue
