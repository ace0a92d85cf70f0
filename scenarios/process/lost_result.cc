#include "scenarios/process/lost_result.h"

#include <signal.h>

#include <cerrno>
#include <string>

#include "primitives/process/process.h"
#include "scenarios/judging.h"
#include "scenarios/process/python_words.h"

namespace weft::scenarios {
namespace {

void run(Transcript& out, const Pace&) {
  int sum = 0;
  const auto adder = [&sum](int x, int y) { return sum = x + y; };
  ipc::Process process(adder, 2, 2);
  out.say("exitcode before: " + in_python(process.exitcode()));
  process.start();
  process.join();
  out.say("exitcode after: " + in_python(process.exitcode()));
  out.say("sum here: " + std::to_string(sum));
  out.claim(::kill(process.pid(), 0) != 0 && errno == ESRCH, "a zombie is left after the join");
}

std::string judge(const Lines& lines) {
  return say_exactly({"exitcode before: None", "exitcode after: 0", "sum here: 0"}, lines);
}

}  // namespace

constinit const Scenario kLostResult = {
    .row = "000-4",
    .target = "//scenarios/process:lost_result",
    .shows = "A process adds two numbers; its exit code says that it did, and the sum is lost.",
    .run = run,
    .judge = judge,
    .starts_processes = true,
};

}  // namespace weft::scenarios
