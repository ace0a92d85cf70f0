// What it costs to hand messages from one process to another: of 64 bytes, and of a mebibyte.
//
// Peers: packets over a socketpair, Boost.Interprocess's message_queue where the system has it, and
// CPython's multiprocessing.Queue by the python3 on PATH.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "benchmarks/message/channels.h"
#include "benchmarks/python_peer/python_peer.h"
#include "primitives/process/process.h"

namespace weft::benchmarks {
namespace {

constexpr std::size_t kShort = 64;
constexpr std::size_t kLong = std::size_t{1} << 20;

// This process gets what another one puts as fast as it can.
template <class Channel, std::size_t kSize>
void BM_Messages(benchmark::State& state) {
  Channel channel;
  ipc::Process producer({.daemon = true}, [&] {
    for (;;) channel.put();
  });
  producer.start();
  channel.get();
  for (auto _ : state) channel.get();
  producer.kill();
  producer.join();
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kSize));
}

constexpr const char* kScript = R"(
import sys, time, multiprocessing

def produce(queue, count, size):
    message = bytes(size)
    for _ in range(count):
        queue.put(message)

if __name__ == '__main__':
    count, size = int(sys.argv[1]), int(sys.argv[2])
    queue = multiprocessing.Queue()
    producer = multiprocessing.Process(target=produce, args=(queue, count + 1, size))
    producer.start()
    queue.get()
    began = time.perf_counter()
    right = all(len(queue.get()) == size for _ in range(count))
    took = time.perf_counter() - began
    producer.join()
    print(took if right else 'wrong')
)";

void BM_CPython(benchmark::State& state, std::size_t size) {
  run_python(state, kScript, {std::to_string(state.range(0)), std::to_string(size)});
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * state.range(0) * static_cast<std::int64_t>(size));
}

#define WEFT_MESSAGE_BENCHMARKS(Channel)                                                          \
  BENCHMARK(BM_Messages<Channel<kShort>, kShort>)->Name("BM_Short<" #Channel ">")->UseRealTime(); \
  BENCHMARK(BM_Messages<Channel<kLong>, kLong>)->Name("BM_Long<" #Channel ">")->UseRealTime()

BENCHMARK(BM_Messages<WeftIpcQueue<kShort>, kShort>)->Name("BM_Short<WeftIpcQueue>")->UseRealTime();
WEFT_MESSAGE_BENCHMARKS(WeftIpcQueueOfVectors);
WEFT_MESSAGE_BENCHMARKS(WeftConnection);
WEFT_MESSAGE_BENCHMARKS(SeqpacketSocketpair);
#ifdef WEFT_HAVE_BOOST
WEFT_MESSAGE_BENCHMARKS(BoostMessageQueue);
#endif

const bool is_registered = [] {
  if (!has_python()) return true;
  const auto of_python = [](const char* name, std::size_t size, std::int64_t count) {
    benchmark::RegisterBenchmark(name, BM_CPython, size)
        ->ArgName("messages")
        ->Arg(count)
        ->Iterations(kPythonRuns)
        ->UseManualTime();
  };
  of_python("BM_Short<CPythonQueue>", kShort, 20'000);
  of_python("BM_Long<CPythonQueue>", kLong, 100);
  return true;
}();

}  // namespace
}  // namespace weft::benchmarks
