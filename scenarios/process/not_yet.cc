#include "scenarios/process/not_yet.h"

#include <unistd.h>

#include <string>

#include "primitives/process/process.h"
#include "scenarios/judging.h"
#include "scenarios/process/python_words.h"
#include "scenarios/process/talk.h"

namespace weft::scenarios {
namespace {

std::string state_of(const ipc::Process& process) {
  return "pid " + std::string(process.pid() == 0 ? "None" : "given") + ", exitcode " +
         in_python(process.exitcode());
}

void run(Transcript& out, const Pace&) {
  Talk talk;
  ipc::Process instance(
      [&talk](const std::string& argument) {
        talk.claim(ipc::Process::current()->pid() == ::getpid(), "its number is another's");
        talk.say("function: " + argument);
      },
      "arguments");
  out.say("instance: " + state_of(instance) + ", alive " + in_python(instance.is_alive()));
  out.claim(ipc::active_children().empty(), "there is a process before start()");
  instance.start();
  talk.listen(out);
  instance.join();
  out.say("process: " + state_of(instance) + ", alive " + in_python(instance.is_alive()));
}

std::string judge(const Lines& lines) {
  return say_exactly({"instance: pid None, exitcode None, alive False", "function: arguments",
                      "process: pid given, exitcode 0, alive False"},
                     lines);
}

}  // namespace

constinit const Scenario kNotYet = {
    .row = "003-5",
    .target = "//scenarios/process:not_yet",
    .shows = "An instance of Process is no process yet; start() makes it one.",
    .run = run,
    .judge = judge,
    .starts_processes = true,
};

}  // namespace weft::scenarios
