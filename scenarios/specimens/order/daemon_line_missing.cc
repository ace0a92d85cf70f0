// The thread that prints the sum is a daemon: the program's end does not wait for it.
#include "primitives/annotate.h"
#include "primitives/threading/thread.h"
#include "scenarios/specimens/order/order.h"
#include "scenarios/transcript.h"

namespace weft::scenarios::specimens::order {
namespace {

// Stands for a program: what it has printed when it ends.
template <bool kDaemon>
Lines lines_at_the_end() {
  Transcript transcript;
  Thread thread({.name = "adder", .daemon = kDaemon}, [&] {
    annotate::point("before the line");
    transcript.say("The sum of 1 and 2 is 3");
  });
  thread.start();
  // The end of a program waits for threads that are no daemons.
  if (!thread.daemon()) thread.join();
  Lines lines = transcript.lines();
  // Only this stand-in must outlive its daemon.
  thread.join();
  return lines;
}

template <bool kDaemon>
std::string add() {
  if (lines_at_the_end<kDaemon>() == Lines{"The sum of 1 and 2 is 3"}) return "";
  return "the program ended without its line";
}

}  // namespace

constinit const Specimen kDaemonLineMissing{
    .row = "000-1",
    .name = "order/daemon_line_missing",
    .mistake = "the program ends while the daemon that should print its line has not come to it",
    .kind = kind::kAssertion,
    .body = add<true>,
    .mended = add<false>,
};

}  // namespace weft::scenarios::specimens::order
