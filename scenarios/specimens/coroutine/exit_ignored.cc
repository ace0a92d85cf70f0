// A body catches GeneratorExit and goes on yielding: it cannot be closed.
#include "scenarios/specimens/coroutine/coroutine.h"
#include "scenarios/specimens/coroutine/pipeline.h"

namespace weft::scenarios::specimens::coroutine {
namespace {

template <bool kReturns>
Coroutine<> stubborn(std::string& notes) {
  for (bool once = false; !once;) {
    try {
      for (;;) co_yield {};
    } catch (const GeneratorExit&) {
      notes += '!';
      once = kReturns || notes.size() > 1;  // the second time, so that dropping it ends it
    }
  }
}

template <bool kReturns>
std::string close_it() {
  std::string notes;
  Coroutine<> stage = stubborn<kReturns>(notes);
  stage.next();
  stage.close();
  return unless_noted("!", notes);
}

}  // namespace

constinit const Specimen kExitIgnored{
    .row = "002-7b",
    .name = "coroutine/exit_ignored",
    .mistake = "a body catches GeneratorExit and yields again",
    .kind = kind::kException,
    .body = close_it<false>,
    .mended = close_it<true>,
};

}  // namespace weft::scenarios::specimens::coroutine
