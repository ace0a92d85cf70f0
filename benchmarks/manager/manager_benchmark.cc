// What a call of a manager costs: a value read and written, a list that grows and shrinks, an item
// through a queue; each is a message to the manager's process and one back.
//
// Peer: CPython's multiprocessing.Manager by the python3 on PATH (benchmarks/python_peer). Weft's
// calls that CPython has not, and what a caller is used to who shares memory instead, stand beside.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

#include "benchmarks/python_peer/python_peer.h"
#include "primitives/ipc/value.h"
#include "primitives/manager/manager.h"

namespace weft::benchmarks {
namespace {

constexpr const char* kScript = R"(
import sys, time, multiprocessing

def main(way, count):
    with multiprocessing.Manager() as manager:
        value, items, queue = manager.Value('l', 7), manager.list(), manager.Queue()
        def get():
            return all([value.get() == 7 for _ in range(count)])
        def set():
            for i in range(count):
                value.set(i)
            return value.get() == count - 1
        def append_pop():
            right = True
            for i in range(count):
                items.append(i)
                right = items.pop() == i and right
            return right
        def put_get():
            right = True
            for i in range(count):
                queue.put(i)
                right = queue.get() == i and right
            return right
        work = {'get': get, 'set': set, 'append_pop': append_pop, 'put_get': put_get}[way]
        began = time.perf_counter()
        right = work()
        took = time.perf_counter() - began
    return took / count if right else 'wrong'

if __name__ == '__main__':
    print(main(sys.argv[1], int(sys.argv[2])))
)";

void BM_Get(benchmark::State& state) {
  ipc::Manager manager;
  manager.start();
  const auto value = manager.value<long>(7);
  for (auto _ : state) {
    if (value.get() != 7) return state.SkipWithError("the value is wrong");
  }
}

void BM_Set(benchmark::State& state) {
  ipc::Manager manager;
  manager.start();
  const auto value = manager.value<long>();
  long number = 0;
  for (auto _ : state) value.set(++number);
  if (value.get() != number) state.SkipWithError("the value is wrong");
}

void BM_AppendPop(benchmark::State& state) {
  ipc::Manager manager;
  manager.start();
  const auto list = manager.list<long>();
  long number = 0;
  for (auto _ : state) {
    list.append(++number);
    if (list.pop() != number) return state.SkipWithError("the item is wrong");
  }
}

void BM_PutGet(benchmark::State& state) {
  ipc::Manager manager;
  manager.start();
  const auto queue = manager.queue<long>();
  long number = 0;
  for (auto _ : state) {
    queue.put(++number);
    if (queue.get() != number) return state.SkipWithError("the item is wrong");
  }
}

// A function that the manager calls with the state: no other process comes in between.
void BM_Update(benchmark::State& state) {
  ipc::Manager manager;
  manager.start();
  const auto value = manager.value<long>();
  for (auto _ : state) value.update([](long& held) { ++held; });
  if (value.get() != state.iterations()) state.SkipWithError("the value is wrong");
}

// The same in shared memory, under a lock between processes.
void BM_SharedValue(benchmark::State& state) {
  ipc::Value<long> value;
  for (auto _ : state) benchmark::DoNotOptimize(value.fetch_add(1));
}

void BM_CPython(benchmark::State& state, const char* way) {
  constexpr int kCalls = 2'000;
  run_python(state, kScript, {way, std::to_string(kCalls)});
}

const bool is_registered = [] {
  struct Work {
    const char* name;
    void (*ours)(benchmark::State&);
    const char* way;
  };
  constexpr Work kWorks[] = {
      {"BM_ManagerGet", BM_Get, "get"},
      {"BM_ManagerSet", BM_Set, "set"},
      {"BM_ManagerListAppendPop", BM_AppendPop, "append_pop"},
      {"BM_ManagerQueuePutGet", BM_PutGet, "put_get"},
  };
  for (const Work& work : kWorks) {
    const std::string name = work.name;
    benchmark::RegisterBenchmark((name + "<WeftManager>").c_str(), work.ours)->UseRealTime();
    if (!has_python()) continue;
    benchmark::RegisterBenchmark((name + "<CPythonManager>").c_str(), BM_CPython, work.way)
        ->Iterations(kPythonRuns)
        ->UseManualTime();
  }
  benchmark::RegisterBenchmark("BM_ManagerUpdate<WeftManager>", BM_Update)->UseRealTime();
  benchmark::RegisterBenchmark("BM_ManagerUpdate<LimitSharedValue>", BM_SharedValue)->UseRealTime();
  return true;
}();

}  // namespace
}  // namespace weft::benchmarks
