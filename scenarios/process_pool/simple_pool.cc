#include "scenarios/process_pool/simple_pool.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/process_pool/process_pool.h"
#include "scenarios/judging.h"

namespace weft::scenarios {
namespace {

void say_who_is_left(Transcript& out, const std::vector<pid_t>& pids) {
  const auto left =
      std::count_if(pids.begin(), pids.end(), [](pid_t pid) { return ::kill(pid, 0) == 0; });
  out.say("processes left: " + std::to_string(left));
}

void run(Transcript& out, const Pace&) {
  std::vector<pid_t> pids;
  {
    ipc::Pool pool1(4);
    pids = pool1.pids();
    out.say("processes: " + std::to_string(pids.size()));
    const pid_t worker = pool1.apply([] { return ::getpid(); });
    out.claim(std::find(pids.begin(), pids.end(), worker) != pids.end(),
              "the function was called outside of the pool");
    pool1.close();
    pool1.join();
    say_who_is_left(out, pids);
  }
  ipc::Pool pool2(4);
  pids = pool2.pids();
  pool2.terminate();
  pool2.join();
  say_who_is_left(out, pids);
  try {
    const ipc::Pool none(0);
  } catch (const ValueError&) {
    out.say("no processes: refused");
  }
}

std::string judge(const Lines& lines) {
  return say_exactly(
      {"processes: 4", "processes left: 0", "processes left: 0", "no processes: refused"}, lines);
}

}  // namespace

constinit const Scenario kSimplePool = {
    .row = "000-7",
    .target = "//scenarios/process_pool:simple_pool",
    .shows = "A pool of four processes; nobody is left after it.",
    .run = run,
    .judge = judge,
    .starts_processes = true,
};

}  // namespace weft::scenarios
