// join with a time-out is taken for the end of the thread: 'Completed' is said while it still runs.
#include <chrono>

#include "primitives/threading/event.h"
#include "primitives/threading/thread.h"
#include "scenarios/specimens/order/order.h"
#include "scenarios/transcript.h"

namespace weft::scenarios::specimens::order {
namespace {

constexpr std::chrono::milliseconds kPatience{1};

template <bool kAsksHowItEnded>
std::string count_down_and_complete() {
  Transcript transcript;
  Event may_end;
  Thread thread([&] {
    may_end.wait();
    transcript.say("T-minux 1");
  });
  thread.start();
  const bool ended = thread.join_for(kPatience);
  if (kAsksHowItEnded && !ended) {
    may_end.set();
    thread.join();
  }
  transcript.say("Completed");
  may_end.set();
  thread.join();
  if (transcript.lines().back() == "Completed") return "";
  return "'Completed' was said before 'T-minux 1'";
}

}  // namespace

constinit const Specimen kTimedJoinTakenForTheEnd{
    .row = "004-3",
    .name = "order/timed_join_taken_for_the_end",
    .mistake = "nobody asks whether join_for() returned because of the time-out",
    .kind = kind::kAssertion,
    .body = count_down_and_complete<false>,
    .mended = count_down_and_complete<true>,
};

}  // namespace weft::scenarios::specimens::order
