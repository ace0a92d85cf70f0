// What a coroutine costs: a step of a generator, a value sent, a child awaited, and making one.
//
// Peers: coroutines written by hand that check nothing, and CPython's generators, by the python3 on
// PATH (benchmarks/python_peer). A class that keeps its state itself shows the limit.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

#include "benchmarks/coroutine/bare_coroutines.h"
#include "benchmarks/python_peer/python_peer.h"
#include "primitives/coroutine/coroutine.h"
#include "primitives/coroutine/elements_of.h"
#include "primitives/coroutine/generator.h"
#include "primitives/coroutine/sync_wait.h"
#include "primitives/coroutine/task.h"

namespace weft::benchmarks {
namespace {

constexpr long kSteps = 1000;  // of an iteration

template <class AnyGenerator>
[[gnu::noinline]] AnyGenerator count(long end) {
  for (long i = 0; i < end; ++i) co_yield i;
}

// kSteps elements that come from so many generators deep.
Generator<long> elements_from(std::int64_t depth) {
  if (depth == 0) {
    for (long i = 0; i < kSteps; ++i) co_yield i;
  } else {
    co_yield elements_of(elements_from(depth - 1));
  }
}
Generator<long> elements_by_loops(std::int64_t depth) {
  if (depth == 0) {
    for (long i = 0; i < kSteps; ++i) co_yield i;
  } else {
    for (const long element : elements_by_loops(depth - 1)) co_yield element;
  }
}

template <class AnyTask>
[[gnu::noinline]] AnyTask child(long result) {
  co_return result;
}
template <class AnyTask>
AnyTask awaits_children() {
  long sum = 0;
  for (long i = 0; i < kSteps; ++i) sum += co_await child<AnyTask>(i);
  co_return sum;
}

Coroutine<long, long> echo() {
  for (long value = 0;;) value = co_yield value;
}

void per_step(benchmark::State& state) { state.SetItemsProcessed(state.iterations() * kSteps); }

void BM_GeneratorSteps(benchmark::State& state) {
  for (auto _ : state) {
    long sum = 0;
    for (const long element : count<Generator<long>>(kSteps)) sum += element;
    benchmark::DoNotOptimize(sum);
  }
  per_step(state);
}
BENCHMARK(BM_GeneratorSteps)->Name("BM_GeneratorSteps<weft::Generator>");

void BM_BareGeneratorSteps(benchmark::State& state) {
  for (auto _ : state) {
    long sum = 0;
    auto generator = count<BareGenerator>(kSteps);
    while (generator.advance()) sum += generator.element();
    benchmark::DoNotOptimize(sum);
  }
  per_step(state);
}
BENCHMARK(BM_BareGeneratorSteps)->Name("BM_GeneratorSteps<BareGenerator>");

void BM_StateMachineSteps(benchmark::State& state) {
  for (auto _ : state) {
    long sum = 0;
    StateMachine machine(kSteps);
    while (machine.advance()) sum += machine.element();
    benchmark::DoNotOptimize(sum);
  }
  per_step(state);
}
BENCHMARK(BM_StateMachineSteps)->Name("BM_GeneratorSteps<LimitStateMachine>");

// Each step asks for the turn, which an iterator does once.
void BM_GeneratorNext(benchmark::State& state) {
  for (auto _ : state) {
    long sum = 0;
    auto generator = count<Generator<long>>(kSteps);
    while (const auto element = generator.next()) sum += *element;
    benchmark::DoNotOptimize(sum);
  }
  per_step(state);
}
BENCHMARK(BM_GeneratorNext)->Name("BM_GeneratorNext<weft::Generator>");

void sum_each(benchmark::State& state, Generator<long> (*elements)(std::int64_t)) {
  for (auto _ : state) {
    long sum = 0;
    for (const long element : elements(state.range(0))) sum += element;
    benchmark::DoNotOptimize(sum);
  }
  per_step(state);
}
void BM_ElementsOf(benchmark::State& state) { sum_each(state, elements_from); }
BENCHMARK(BM_ElementsOf)
    ->Name("BM_NestedElements<weft::elements_of>")
    ->ArgName("depth")
    ->Arg(1)
    ->Arg(100);

// A loop at each depth resumes all of them at each step.
void BM_ElementsByLoops(benchmark::State& state) { sum_each(state, elements_by_loops); }
BENCHMARK(BM_ElementsByLoops)
    ->Name("BM_NestedElements<LoopsAtEachDepth>")
    ->ArgName("depth")
    ->Arg(1)
    ->Arg(100);

void BM_CoroutineSend(benchmark::State& state) {
  auto coroutine = echo();
  coroutine.next();
  for (auto _ : state) {
    long sum = 0;
    for (long i = 0; i < kSteps; ++i) sum += coroutine.send(i);
    benchmark::DoNotOptimize(sum);
  }
  per_step(state);
}
BENCHMARK(BM_CoroutineSend)->Name("BM_CoroutineSend<weft::Coroutine>");

void BM_AwaitChild(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(sync_wait(awaits_children<Task<long>>()));
  per_step(state);
}
BENCHMARK(BM_AwaitChild)->Name("BM_AwaitChild<weft::Task>");

void BM_BareAwaitChild(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(awaits_children<BareTask>().run());
  per_step(state);
}
BENCHMARK(BM_BareAwaitChild)->Name("BM_AwaitChild<BareTask>");

void BM_GeneratorMade(benchmark::State& state) {
  for (auto _ : state) {
    auto generator = count<Generator<long>>(1);
    benchmark::DoNotOptimize(&generator);
  }
}
BENCHMARK(BM_GeneratorMade)->Name("BM_GeneratorMade<weft::Generator>");

void BM_BareGeneratorMade(benchmark::State& state) {
  for (auto _ : state) {
    auto generator = count<BareGenerator>(1);
    benchmark::DoNotOptimize(&generator);
  }
}
BENCHMARK(BM_BareGeneratorMade)->Name("BM_GeneratorMade<BareGenerator>");

void BM_SyncWait(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(sync_wait(child<Task<long>>(1)));
}
BENCHMARK(BM_SyncWait)->Name("BM_SyncWait<weft::Task>");

constexpr const char* kScript = R"(
import sys, time

def count(end):
    for i in range(end):
        yield i

def echo():
    value = 0
    while True:
        value = yield value

def steps(rounds, each):
    return all([sum(count(each)) == each * (each - 1) // 2 for _ in range(rounds)])

def sends(rounds, each):
    coroutine = echo()
    next(coroutine)
    send = coroutine.send
    return all([sum([send(i) for i in range(each)]) == each * (each - 1) // 2
                for _ in range(rounds)])

if __name__ == '__main__':
    way = {'steps': steps, 'sends': sends}[sys.argv[1]]
    rounds, each = int(sys.argv[2]), int(sys.argv[3])
    began = time.perf_counter()
    right = way(rounds, each)
    took = time.perf_counter() - began
    print(took / rounds if right else 'wrong')
)";

void BM_CPython(benchmark::State& state, const std::string& way) {
  constexpr int kRounds = 200;
  run_python(state, kScript, {way, std::to_string(kRounds), std::to_string(kSteps)});
  per_step(state);
}

const bool is_registered = [] {
  if (!has_python()) return true;
  const auto of_python = [](const char* name, const char* way) {
    benchmark::RegisterBenchmark(name, BM_CPython, way)->Iterations(kPythonRuns)->UseManualTime();
  };
  of_python("BM_GeneratorSteps<CPythonGenerator>", "steps");
  of_python("BM_CoroutineSend<CPythonGenerator>", "sends");
  return true;
}();

}  // namespace
}  // namespace weft::benchmarks
