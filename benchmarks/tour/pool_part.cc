#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "benchmarks/pool/workloads.h"
#include "benchmarks/tour/parts.h"
#include "benchmarks/tour/run_rows.h"
#include "benchmarks/work/work.h"

namespace weft::tour {
namespace {

using benchmarks::TextbookPool;
using benchmarks::WeftPool;
using benchmarks::Work;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kWorkers = 2;
constexpr int kRepetitions = 5;

struct Workload {
  std::string name;
  std::size_t tasks;
  bool (*on_weft)(std::size_t tasks);  // false if the outcome is wrong
  bool (*on_textbook)(std::size_t tasks);
};

template <class Pool>
bool empty_tasks(std::size_t tasks) {
  Pool pool(kWorkers);
  benchmarks::run_empty_tasks(pool, tasks);
  return true;
}

template <class Pool>
bool futures(std::size_t tasks) {
  Pool pool(kWorkers);
  return benchmarks::collect_futures(pool, tasks) == benchmarks::expected_sum(tasks);
}

template <class Pool>
bool working_tasks(std::size_t tasks) {
  Pool pool(kWorkers);
  benchmarks::run_working_tasks(pool, tasks, Work(50'000));
  return true;
}

struct Measured {
  std::vector<double> seconds;
  bool right = true;

  double per_second(std::size_t tasks) {
    std::ranges::nth_element(seconds, seconds.begin() + kRepetitions / 2);
    return static_cast<double>(tasks) / seconds[kRepetitions / 2];
  }
};

void measure_once(Measured& measured, bool (*run)(std::size_t), std::size_t tasks) {
  const Clock::time_point start = Clock::now();
  measured.right = run(tasks) && measured.right;
  measured.seconds.push_back(std::chrono::duration<double>(Clock::now() - start).count());
}

// The two in turn, so that what disturbs one disturbs the other; the median of each.
Row measure(const Workload& workload) {
  Measured weft;
  Measured textbook;
  for (int i = 0; i < kRepetitions; ++i) {
    measure_once(weft, workload.on_weft, workload.tasks);
    measure_once(textbook, workload.on_textbook, workload.tasks);
  }
  const double ours = weft.per_second(workload.tasks);
  const double theirs = textbook.per_second(workload.tasks);
  return {.cells = {ours, theirs, ours / theirs, workload.name},
          .as_expected = weft.right && textbook.right,
          .details = ""};
}

std::string_view name_of(const Workload& workload) { return workload.name; }

std::vector<Workload> all_workloads() {
  return {
      {"100 000 empty tasks, submitted and waited for", 100'000, empty_tasks<WeftPool>,
       empty_tasks<TextbookPool>},
      {"100 000 futures, collected", 100'000, futures<WeftPool>, futures<TextbookPool>},
      {"1000 tasks of 50 microseconds", 1000, working_tasks<WeftPool>, working_tasks<TextbookPool>},
  };
}

}  // namespace

std::vector<std::string> pool_names() { return names_of(all_workloads(), name_of); }

Part pool_part(Progress& progress, const std::vector<std::string>& names) {
  Part part;
  part.key = "pool";
  part.title = "Pool";
  part.about =
      "Throughput of weft::ThreadPool beside a textbook's pool: tasks a second with two workers, "
      "from making the pool until it is gone; the median of five runs, the two pools in turn. As "
      "expected means that every task's outcome was right: no speed is promised.";
  part.columns = {{"weft_per_second", "weft", Unit::kPerSecond, 11},
                  {"textbook_per_second", "textbook", Unit::kPerSecond, 11},
                  {"ratio", "ratio", Unit::kRatio, 6},
                  {"workload", "workload", Unit::kText, 0}};
  run_rows(part, progress, names, all_workloads(), name_of, measure);
  part.outcome =
      part.unexpected() == 0 ? "every task's outcome was right" : "outcomes of tasks were wrong";
  return part;
}

}  // namespace weft::tour
