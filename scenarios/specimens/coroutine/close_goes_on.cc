// A stage that is closed closes the next one, which others may still send to.
#include "scenarios/specimens/coroutine/coroutine.h"
#include "scenarios/specimens/coroutine/pipeline.h"

namespace weft::scenarios::specimens::coroutine {
namespace {

Stage closes_the_next(std::string& notes, Stage& next) {
  try {
    for (;;) next.send((co_yield {}) + 1);
  } catch (const GeneratorExit&) {
    notes += '!';
    next.close();
  }
}

template <Stage (*kMiddle)(std::string&, Stage&)>
std::string close_the_middle() {
  std::string notes;
  Stage last = consumer(notes);
  last.next();
  Stage middle = kMiddle(notes, last);
  middle.next();
  middle.send(0);
  middle.close();
  return unless_noted("1!", notes);
}

}  // namespace

constinit const Specimen kCloseGoesOn{
    .row = "002-7b",
    .name = "coroutine/close_goes_on",
    .mistake = "closing a stage closes the one behind it, which nobody has asked for",
    .kind = kind::kAssertion,
    .body = close_the_middle<closes_the_next>,
    .mended = close_the_middle<intermediate>,
};

}  // namespace weft::scenarios::specimens::coroutine
