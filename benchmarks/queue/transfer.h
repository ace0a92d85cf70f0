// The queue that all threads of one run use, and the sizes of a run.
//
// Thread safety: shared_queue() from any thread between Setup and Teardown.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <memory>

namespace weft::benchmarks {

// One for each Queue, made anew for each run.
template <class Queue>
std::unique_ptr<Queue>& shared_queue() {
  static std::unique_ptr<Queue> queue;
  return queue;
}

// The first argument is the capacity.
template <class Queue>
void with_shared_queue(benchmark::internal::Benchmark* benchmark) {
  benchmark->Setup([](const benchmark::State& state) {
    shared_queue<Queue>() = std::make_unique<Queue>(static_cast<std::size_t>(state.range(0)));
  });
  benchmark->Teardown([](const benchmark::State&) { shared_queue<Queue>().reset(); });
}

}  // namespace weft::benchmarks
