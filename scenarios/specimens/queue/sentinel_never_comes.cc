// The producer sends 0 to 9, and the intermediate stage goes on until it gets 10.
#include "scenarios/specimens/queue/queue.h"
#include "scenarios/specimens/queue/stages.h"

namespace weft::scenarios::specimens::queue {
namespace {

std::string broken() { return Stages{.produced = zero_to_nine(), .last_in = 10}.run(); }
std::string mended() { return Stages{.produced = zero_to_nine(), .last_in = 9}.run(); }

}  // namespace

constinit const Specimen kSentinelNeverComes{
    .row = "002-5",
    .name = "queue/sentinel_never_comes",
    .mistake = "the intermediate stage waits for a last item that the producer never sends",
    .kind = kind::kHang,
    .deadlock = "waits for Queue.get 'queue to the intermediate stage'",
    .body = broken,
    .mended = mended,
};

}  // namespace weft::scenarios::specimens::queue
