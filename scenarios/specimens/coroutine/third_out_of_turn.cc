// Two coroutines that share a string take turns; a third one shares it, too, and is stepped in
// between.
#include "primitives/coroutine/coroutine.h"
#include "scenarios/specimens/coroutine/coroutine.h"
#include "scenarios/specimens/coroutine/pipeline.h"

namespace weft::scenarios::specimens::coroutine {
namespace {

constexpr int kSteps = 20;

Coroutine<> task(std::string& a, char letter) {
  for (int i = 0; i < kSteps; ++i) {
    a += letter;
    co_yield {};
  }
}

template <bool kShared>
std::string take_turns() {
  std::string a;
  std::string another;
  std::string wanted;
  Coroutine<> first = task(a, 'o');
  Coroutine<> second = task(a, 'O');
  Coroutine<> third = task(kShared ? a : another, 'o');
  for (int i = 0; i < kSteps; ++i) {
    first.next();
    if (i == kSteps / 2) third.next();
    second.next();
    wanted += "oO";
  }
  return unless_noted(wanted, a);
}

}  // namespace

constinit const Specimen kThirdOutOfTurn{
    .row = "002-4",
    .name = "coroutine/third_out_of_turn",
    .mistake = "a third coroutine shares the string and is advanced out of turn",
    .kind = kind::kAssertion,
    .body = take_turns<true>,
    .mended = take_turns<false>,
};

}  // namespace weft::scenarios::specimens::coroutine
