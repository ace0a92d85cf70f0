// The intermediate stage sends 1 to 10, and the consumer stops when it has got 9.
#include "scenarios/specimens/queue/queue.h"
#include "scenarios/specimens/queue/stages.h"

namespace weft::scenarios::specimens::queue {
namespace {

std::string broken() { return Stages{.produced = zero_to_nine(), .last_out = 9}.run(); }
std::string mended() { return Stages{.produced = zero_to_nine(), .last_out = 10}.run(); }

}  // namespace

constinit const Specimen kSentinelTooEarly{
    .row = "002-5",
    .name = "queue/sentinel_too_early",
    .mistake = "the consumer takes the last item but one for the last",
    .kind = kind::kAssertion,
    .body = broken,
    .mended = mended,
};

}  // namespace weft::scenarios::specimens::queue
