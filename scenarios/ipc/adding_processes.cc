#include "scenarios/ipc/adding_processes.h"

#include <deque>
#include <string>

#include "primitives/ipc/lock.h"
#include "primitives/ipc/value.h"
#include "primitives/process/process.h"
#include "scenarios/judging.h"

namespace weft::scenarios {
namespace {

constexpr int kProcesses = 4;
constexpr int kAdditionsEach = 25;

void run(Transcript& out, const Pace&) {
  ipc::Lock x_lock;
  ipc::RawValue<int> x;       // guarded by x_lock
  ipc::RawValue<int> inside;  // as is this
  ipc::RawValue<int> crowded;
  const auto add = [&] {
    for (int i = 0; i < kAdditionsEach; ++i) {
      x_lock.acquire();
      if (++inside.reference() != 1) crowded.store(1);
      x.reference() += 1;
      --inside.reference();
      x_lock.release();
    }
  };
  std::deque<ipc::Process> processes;
  for (int i = 0; i < kProcesses; ++i) processes.emplace_back(add).start();
  for (ipc::Process& process : processes) process.join();
  out.claim(crowded.load() == 0, "two processes are inside at once");
  out.say("x: " + std::to_string(x.load()));
  out.say(x_lock.locked() ? "the lock is held" : "the lock is free");
}

std::string judge(const Lines& lines) { return say_exactly({"x: 100", "the lock is free"}, lines); }

}  // namespace

constinit const Scenario kAddingProcesses = {
    .row = "001-6a",
    .target = "//scenarios/ipc:adding_processes",
    .shows = "Four processes add to one number under a lock: no addition is lost.",
    .run = run,
    .judge = judge,
    .starts_processes = true,
};

}  // namespace weft::scenarios
