// Where the threads of a benchmark run. A blocking hand-over costs a few microseconds when both
// threads share a processor and many times that when the kernel must wake another one; left alone,
// the kernel chooses anew in each run, and a figure says only which it chose.
//
//   cpus | meaning
//     0  | as the kernel likes
//     1  | all threads on one processor
//     2  | the threads in turn on two processors
//
// Thread safety: a Placement belongs to the thread that made it.
#pragma once

#include <benchmark/benchmark.h>
#include <sched.h>

#include <vector>

namespace weft::benchmarks {

inline std::vector<int> allowed_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  (void)sched_getaffinity(0, sizeof set, &set);
  std::vector<int> cpus;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
  }
  return cpus;
}

// Keeps the calling thread where it belongs until destroyed.
class Placement {
 public:
  Placement(std::int64_t cpus, int thread) {
    (void)sched_getaffinity(0, sizeof before_, &before_);
    const std::vector<int> allowed = allowed_cpus();
    if (cpus == 0 || static_cast<std::size_t>(cpus) > allowed.size()) return;
    cpu_set_t mine;
    CPU_ZERO(&mine);
    CPU_SET(allowed[static_cast<std::size_t>(thread % cpus)], &mine);
    (void)sched_setaffinity(0, sizeof mine, &mine);
  }
  ~Placement() { (void)sched_setaffinity(0, sizeof before_, &before_); }
  Placement(const Placement&) = delete;
  Placement& operator=(const Placement&) = delete;

 private:
  cpu_set_t before_;
};

// The three ways, for ->Apply(); without the last one where there is one processor only.
inline void three_ways(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("cpus")->Arg(1)->Arg(0);
  if (allowed_cpus().size() >= 2) benchmark->Arg(2);
}

}  // namespace weft::benchmarks
