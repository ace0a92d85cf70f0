#include "scenarios/process_pool/executor.h"

#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/ipc/value.h"
#include "primitives/process_pool/process_pool_executor.h"
#include "scenarios/judging.h"

namespace weft::scenarios {
namespace {

constexpr int kTasks = 20;

// The tasks that are done. The executor's processes have this thread's.
thread_local std::optional<ipc::Value<int>> done;

long power_of_three(int exponent) {
  long result = 1;
  for (int i = 0; i < exponent; ++i) result = result * 3 % 1009;
  return result;
}

long work(int task) {
  (void)done->fetch_add(1);
  return power_of_three(task);
}

// On which this thread may run.
std::size_t processors() {
  cpu_set_t set;
  return ::sched_getaffinity(0, sizeof set, &set) == 0 ? static_cast<std::size_t>(CPU_COUNT(&set))
                                                       : 0;
}

void run(Transcript& out, const Pace&) {
  done.emplace(0);
  std::vector<Future<long>> futures;
  std::vector<pid_t> pids;
  {
    ipc::ProcessPoolExecutor pool;
    pids = pool.pids();
    out.claim(pids.size() == processors(), "there are not as many processes as processors");
    for (int task = 0; task < kTasks; ++task) futures.push_back(pool.submit(work, task));
  }
  out.say("done at the end of the block: " + std::to_string(done->get()));
  const auto left =
      std::count_if(pids.begin(), pids.end(), [](pid_t pid) { return ::kill(pid, 0) == 0; });
  out.say("processes left: " + std::to_string(left));
  for (int task = 0; task < kTasks; ++task) {
    const Future<long>& future = futures[static_cast<std::size_t>(task)];
    out.claim(future.done() && future.result() == power_of_three(task),
              "task " + std::to_string(task) + " has another result");
  }
}

std::string judge(const Lines& lines) {
  return say_exactly({"done at the end of the block: 20", "processes left: 0"}, lines);
}

}  // namespace

constinit const Scenario kExecutor = {
    .row = "004-5",
    .target = "//scenarios/process_pool:executor",
    .shows = "Work in parallel in a block, whose end waits for all of it.",
    .run = run,
    .judge = judge,
    .starts_processes = true,
};

}  // namespace weft::scenarios
