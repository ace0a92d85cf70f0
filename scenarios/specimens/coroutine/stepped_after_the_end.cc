// A coroutine of twenty elements is stepped as if it went on for ever.
#include "primitives/coroutine/coroutine.h"
#include "scenarios/specimens/coroutine/coroutine.h"
#include "scenarios/specimens/judge.h"

namespace weft::scenarios::specimens::coroutine {
namespace {

constexpr int kElements = 20;

Coroutine<int> elements() {
  for (int i = 1; i <= kElements; ++i) co_yield i;
}

template <int kSteps>
std::string step() {
  Coroutine<int> coroutine = elements();
  int last = 0;
  for (int i = 0; i < kSteps; ++i) last = coroutine.next();
  return unless_equal("last element", last, kElements);
}

}  // namespace

constinit const Specimen kSteppedAfterTheEnd{
    .row = "002-4",
    .name = "coroutine/stepped_after_the_end",
    .mistake = "a coroutine is stepped once more than it has elements",
    .kind = kind::kException,
    .body = step<kElements + 1>,
    .mended = step<kElements>,
};

}  // namespace weft::scenarios::specimens::coroutine
