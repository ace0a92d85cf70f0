// The consumer is destroyed before the stage that sends to it, which then still asks for it.
#include <optional>

#include "scenarios/specimens/coroutine/coroutine.h"
#include "scenarios/specimens/coroutine/pipeline.h"

namespace weft::scenarios::specimens::coroutine {
namespace {

Stage sends_while_open(Stage& next) {
  for (;;) {
    const int item = co_yield {};
    if (!next.done()) next.send(item + 1);
  }
}

template <bool kDestroys>
std::string end_the_consumer_first() {
  std::string notes;
  std::optional<Stage> last(consumer(notes));
  last->next();
  Stage middle = sends_while_open(*last);
  middle.next();
  middle.send(0);
  if (kDestroys) {
    last.reset();
  } else {
    last->close();
  }
  middle.send(1);
  return unless_noted("1.", notes);
}

}  // namespace

constinit const Specimen kConsumerGoneFirst{
    .row = "002-7b",
    .name = "coroutine/consumer_gone_first",
    .mistake = "a coroutine is destroyed before another one that sends to it",
    .kind = kind::kUnseen,  // it reads freed memory, which says that the consumer has ended
    .kind_under_tsan = kind::kSanitizerReport,
    .kind_under_asan = kind::kCrash,
    .kind_under_explore = kind::kUseAfterFree,
    .body = end_the_consumer_first<true>,
    .mended = end_the_consumer_first<false>,
};

}  // namespace weft::scenarios::specimens::coroutine
