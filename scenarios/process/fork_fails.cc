#include "scenarios/process/fork_fails.h"

#include <deque>
#include <string>

#include "primitives/process/process.h"
#include "scenarios/judging.h"
#include "scenarios/process/few_processes.h"
#include "scenarios/process/python_words.h"

namespace weft::scenarios {
namespace {

constexpr int kPhilosophers = 5;
constexpr int kProcesses = 3;  // that the system has to give

void run(Transcript& out, const Pace& pace) {
  const FewProcesses few(kProcesses);
  std::deque<ipc::Process> philosophers;
  try {
    for (int i = 0; i < kPhilosophers; ++i) {
      philosophers.emplace_back([&pace] { pace.pause(1); });
      philosophers.back().start();
      out.say("phil " + std::to_string(i) + " started");
    }
  } catch (const StartError& error) {
    out.say("[Errno " + std::to_string(error.code().value()) + "] " + error.code().message());
  }
  ipc::Process& unstarted = philosophers.back();
  out.claim(!unstarted.is_alive() && unstarted.pid() == 0, "it counts as started");
  for (ipc::Process& philosopher : philosophers) {
    if (&philosopher == &unstarted) continue;
    philosopher.join();
    out.say("joined, exitcode " + in_python(philosopher.exitcode()));
  }
  out.claim(ipc::active_children().empty(), "a process is left");
}

std::string judge(const Lines& lines) {
  return say_exactly({"phil 0 started", "phil 1 started", "phil 2 started",
                      "[Errno 11] Resource temporarily unavailable", "joined, exitcode 0",
                      "joined, exitcode 0", "joined, exitcode 0"},
                     lines);
}

}  // namespace

constinit const Scenario kForkFails = {
    .row = "003-1b",
    .target = "//scenarios/process:fork_fails",
    .shows = "The system has no process for the fourth philosopher: an error, and nothing is left.",
    .run = run,
    .judge = judge,
    .starts_processes = true,
};

}  // namespace weft::scenarios
