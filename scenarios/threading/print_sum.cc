#include "scenarios/threading/print_sum.h"

#include <thread>

#include "primitives/threading/thread.h"
#include "scenarios/judging.h"

namespace weft::scenarios {
namespace {

const char kLine[] = "The sum of 1 and 2 is 3";

void run(Transcript& out, const Pace&) {
  const auto starter = std::this_thread::get_id();
  Thread my_thread([&] {
    out.claim(std::this_thread::get_id() != starter, "the function ran in its starter's thread");
    out.say(kLine);
  });
  my_thread.start();
  // No join, as in the document: what waits is the end of the thread's object, here as for a whole
  // program.
}

std::string judge(const Lines& lines) { return say_exactly({kLine}, lines); }

}  // namespace

constinit const Scenario kPrintSum = {
    .row = "000-1",
    .target = "//scenarios/threading:print_sum",
    .shows = "A thread prints one line, and the program's end waits for it.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
