// A value is sent to a coroutine whose body has not begun: there is no yield to receive it.
#include "scenarios/specimens/coroutine/coroutine.h"
#include "scenarios/specimens/coroutine/pipeline.h"

namespace weft::scenarios::specimens::coroutine {
namespace {

template <bool kPrimes>
std::string send_one() {
  std::string notes;
  Stage last = consumer(notes);
  if (kPrimes) last.next();
  last.send(1);
  return unless_noted("1", notes);
}

}  // namespace

constinit const Specimen kNotPrimed{
    .row = "002-7a",
    .name = "coroutine/not_primed",
    .mistake = "send() comes before the next() that brings the body to its first yield",
    .kind = kind::kException,
    .body = send_one<false>,
    .mended = send_one<true>,
};

}  // namespace weft::scenarios::specimens::coroutine
