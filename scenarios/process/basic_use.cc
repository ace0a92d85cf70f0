#include "scenarios/process/basic_use.h"

#include <unistd.h>

#include <functional>
#include <string>

#include "primitives/base/errors.h"
#include "primitives/process/process.h"
#include "scenarios/judging.h"
#include "scenarios/process/python_words.h"
#include "scenarios/process/talk.h"

namespace weft::scenarios {
namespace {

bool is_refused(const std::function<void()>& misuse) {
  try {
    misuse();
  } catch (const RuntimeError&) {
    return true;
  }
  return false;
}

void run(Transcript& out, const Pace&) {
  Talk talk;
  const pid_t parent = ::getpid();
  const auto func = [&](int a, const std::string& b) {
    talk.claim(::getpid() != parent, "the function ran in its starter's process");
    talk.say("func(" + std::to_string(a) + ", " + b + ")");
  };
  ipc::Process p(func, 1, "two");
  out.say("join before start is refused: " + in_python(is_refused([&] { p.join(); })));
  p.start();
  talk.listen(out);
  p.join();
  out.say("exitcode: " + in_python(p.exitcode()));
  out.say("a second start is refused: " + in_python(is_refused([&] { p.start(); })));
}

std::string judge(const Lines& lines) {
  return say_exactly({"join before start is refused: True", "func(1, two)", "exitcode: 0",
                      "a second start is refused: True"},
                     lines);
}

}  // namespace

constinit const Scenario kBasicUse = {
    .row = "001-1",
    .target = "//scenarios/process:basic_use",
    .shows = "A process runs a function with its arguments once, and can be started once.",
    .run = run,
    .judge = judge,
    .starts_processes = true,
};

}  // namespace weft::scenarios
