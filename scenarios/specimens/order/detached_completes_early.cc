// The countdown is detached, so there is nothing to join: 'Completed' comes when it comes.
#include <memory>
#include <thread>

#include "primitives/annotate.h"
#include "primitives/threading/event.h"
#include "scenarios/specimens/order/order.h"
#include "scenarios/transcript.h"

namespace weft::scenarios::specimens::order {
namespace {

constexpr int kFrom = 3;

struct Program {
  Transcript transcript;
  Event thread_has_ended;
};

template <bool kDetaches>
std::string count_down_and_complete() {
  const auto program = std::make_shared<Program>();
  std::thread thread([program] {
    for (int n = kFrom; n > 0; --n) {
      annotate::point("before the line");
      program->transcript.say("T-minux " + std::to_string(n));
    }
    program->thread_has_ended.set();
  });
  if (kDetaches) {
    thread.detach();
  } else {
    thread.join();
  }
  program->transcript.say("Completed");
  program->thread_has_ended.wait();  // for the judge, not for the program
  if (program->transcript.lines().back() == "Completed") return "";
  return "'Completed' was said before 'T-minux 1'";
}

}  // namespace

constinit const Specimen kDetachedCompletesEarly{
    .row = "004-3",
    .name = "order/detached_completes_early",
    .mistake = "a detached thread cannot be waited for, and nobody did",
    .kind = kind::kAssertion,
    .body = count_down_and_complete<true>,
    .mended = count_down_and_complete<false>,
};

}  // namespace weft::scenarios::specimens::order
