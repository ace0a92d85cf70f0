#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include "benchmarks/tour/checks.h"
#include "primitives/pool/thread_pool.h"

namespace weft::tour {
namespace {

constexpr int kTasks = 20;

void every_task_runs_once(Run& run) {
  std::vector<std::atomic<int>> times(kTasks);
  ThreadPool pool(3);
  for (int submitter = 0; submitter < 2; ++submitter) {
    run.thread("submitter", [&, submitter] {
      for (int i = submitter; i < kTasks; i += 2) pool.submit([&times, i] { ++times[i]; });
    });
  }
  run.join();
  pool.close();
  pool.join();
  for (const auto& each : times) {
    run.require(each == 1, "a task ran " + std::to_string(each) + " times");
  }
}

void map_keeps_the_order(Run& run) {
  std::vector<int> inputs;
  for (int i = 0; i < kTasks; ++i) inputs.push_back(i);
  ThreadPool pool(3);
  const std::vector<int> results = pool.map([](int x) { return 2 * x; }, inputs);
  for (int i = 0; i < kTasks; ++i) {
    run.require(results.at(i) == 2 * i, "a result stands in another's place");
  }
}

void exceptions_reach_the_future(Run& run) {
  ThreadPool pool(2);
  std::vector<Future<int>> futures;
  for (int i = 0; i < kTasks; ++i) {
    futures.push_back(pool.submit([i]() -> int {
      if (i % 3 == 0) throw std::runtime_error("task failed");
      return i;
    }));
  }
  for (int i = 0; i < kTasks; ++i) {
    const bool failed = futures[i].exception() != nullptr;
    run.require(failed == (i % 3 == 0), "an exception went to the wrong future");
    if (!failed) run.require(futures[i].result() == i, "a value went to the wrong future");
  }
}

}  // namespace

std::vector<Check> pool_checks() {
  return {
      {"ThreadPool", "each task runs once, also if close() follows at once", every_task_runs_once},
      {"ThreadPool, map", "results come in the order of the input", map_keeps_the_order},
      {"ThreadPool, futures", "each task's value or exception reaches its own future",
       exceptions_reach_the_future},
  };
}

}  // namespace weft::tour
