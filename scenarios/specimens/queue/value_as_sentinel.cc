// The number 9 ends the pipeline, and occurs among the numbers before.
#include "scenarios/specimens/queue/queue.h"
#include "scenarios/specimens/queue/stages.h"

namespace weft::scenarios::specimens::queue {
namespace {

Items with_an_early_nine() {
  Items items = zero_to_nine();
  items.insert(items.begin() + 1, 9);
  return items;
}

std::string broken() { return Stages{.produced = with_an_early_nine()}.run(); }

std::string mended() {
  Items items = with_an_early_nine();
  items.push_back(kEnd);
  return Stages{.produced = items, .last_in = kEnd, .last_out = kEnd}.run();
}

}  // namespace

constinit const Specimen kValueAsSentinel{
    .row = "002-5",
    .name = "queue/value_as_sentinel",
    .mistake = "a value serves as the end mark, and occurs as a value",
    .kind = kind::kAssertion,
    .body = broken,
    .mended = mended,
};

}  // namespace weft::scenarios::specimens::queue
