// What a promise and its future cost apart from any pool: made, set and got in one thread, a
// failure instead of a value, and getting what is there already. Futures between threads are
// BM_PoolFutures of pool_benchmark.cc.
//
// Peer: the standard's.
#include <benchmark/benchmark.h>

#include <exception>
#include <future>
#include <stdexcept>

#include "primitives/pool/future.h"

namespace weft::benchmarks {
namespace {

// In one shape: a promise, with its future for one use and for many.
struct WeftFutures {
  weft::Promise<long> promise;
  weft::Future<long> future = promise.future();
  void set(long value) { promise.set_result(value); }
  void fail(const std::exception_ptr& error) { promise.set_exception(error); }
  long take() { return future.take(); }
  struct Shared {
    explicit Shared(WeftFutures& futures) : future(futures.future) {}
    long get() const { return future.result(); }
    weft::Future<long> future;
  };
};

struct StdFutures {
  std::promise<long> promise;
  std::future<long> future = promise.get_future();
  void set(long value) { promise.set_value(value); }
  void fail(const std::exception_ptr& error) { promise.set_exception(error); }
  long take() { return future.get(); }
  struct Shared {
    explicit Shared(StdFutures& futures) : future(futures.future.share()) {}
    long get() const { return future.get(); }
    std::shared_future<long> future;
  };
};

template <class Futures>
void BM_FutureMadeSetGot(benchmark::State& state) {
  long value = 0;
  for (auto _ : state) {
    Futures futures;
    benchmark::DoNotOptimize(&futures);
    futures.set(++value);
    benchmark::DoNotOptimize(futures.take());
  }
}

template <class Futures>
void BM_FutureMadeFailedGot(benchmark::State& state) {
  const auto error = std::make_exception_ptr(std::runtime_error("it failed"));
  for (auto _ : state) {
    Futures futures;
    futures.fail(error);
    try {
      benchmark::DoNotOptimize(futures.take());
      return state.SkipWithError("the failure was lost");
    } catch (const std::runtime_error&) {
    }
  }
}

template <class Futures>
void BM_FutureGetWhenDone(benchmark::State& state) {
  Futures futures;
  const typename Futures::Shared shared(futures);
  futures.set(7);
  for (auto _ : state) {
    benchmark::DoNotOptimize(shared.get());
    benchmark::ClobberMemory();
  }
}

#define WEFT_FUTURE_BENCHMARKS(Futures)       \
  BENCHMARK(BM_FutureMadeSetGot<Futures>);    \
  BENCHMARK(BM_FutureMadeFailedGot<Futures>); \
  BENCHMARK(BM_FutureGetWhenDone<Futures>)

WEFT_FUTURE_BENCHMARKS(WeftFutures);
WEFT_FUTURE_BENCHMARKS(StdFutures);

}  // namespace
}  // namespace weft::benchmarks
