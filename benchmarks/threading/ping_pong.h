// Two threads that take turns with one object, where placement.h puts them.
//
// Thread safety: pure functions.
#pragma once

#include <benchmark/benchmark.h>

#include "benchmarks/threading/placement.h"
#include "benchmarks/threading/shared.h"

namespace weft::benchmarks {

// For ->Apply(); the object is Shared<T>'s.
template <class T>
void ping_pong(benchmark::internal::Benchmark* benchmark) {
  three_ways(benchmark);
  benchmark->Threads(2)->UseRealTime()->Setup(Shared<T>::make)->Teardown(Shared<T>::drop);
}

}  // namespace weft::benchmarks
