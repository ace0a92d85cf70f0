// What it costs to hand messages from one process to another: of 64 bytes, and of a mebibyte.
//
// Peers: packets over a socketpair, Boost.Interprocess's message_queue where the system has it, and
// CPython's multiprocessing.Queue and Pipe by the python3 on PATH.
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

def produce(put, count, size):
    message = bytes(size)
    for _ in range(count):
        put(message)

if __name__ == '__main__':
    way, count, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    if way == 'queue':
        queue = multiprocessing.Queue()
        put, get = queue.put, queue.get
    else:
        reader, writer = multiprocessing.Pipe(duplex=False)
        put, get = writer.send_bytes, reader.recv_bytes
    producer = multiprocessing.get_context('fork').Process(
        target=produce, args=(put, count + 1, size))
    producer.start()
    get()
    began = time.perf_counter()
    right = all(len(get()) == size for _ in range(count))
    took = time.perf_counter() - began
    producer.join()
    print(took / count if right else 'wrong')
)";

// An iteration's time is that of one message, as of the others.
void BM_CPython(benchmark::State& state, const char* way, std::size_t size, std::int64_t count) {
  run_python(state, kScript, {way, std::to_string(count), std::to_string(size)});
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(size));
}

#define WEFT_MESSAGE_BENCHMARKS(Kind, Channel)    \
  BENCHMARK(BM_Messages<Channel<kShort>, kShort>) \
      ->Name("BM_" Kind "Short<" #Channel ">")    \
      ->UseRealTime();                            \
  BENCHMARK(BM_Messages<Channel<kLong>, kLong>)   \
      ->Name("BM_" Kind "Long<" #Channel ">")     \
      ->UseRealTime()

// Queues, which processes share that descend from their maker, and pipes, which can be sent.
BENCHMARK(BM_Messages<WeftIpcQueue<kShort>, kShort>)
    ->Name("BM_QueueShort<WeftIpcQueue>")
    ->UseRealTime();
WEFT_MESSAGE_BENCHMARKS("Queue", WeftIpcQueueOfVectors);
WEFT_MESSAGE_BENCHMARKS("Queue", SeqpacketSocketpair);
#ifdef WEFT_HAVE_BOOST
WEFT_MESSAGE_BENCHMARKS("Queue", BoostMessageQueue);
#endif
WEFT_MESSAGE_BENCHMARKS("Pipe", WeftConnection);
WEFT_MESSAGE_BENCHMARKS("Pipe", SeqpacketSocketpair);

const bool is_registered = [] {
  if (!has_python()) return true;
  const auto of_python = [](const char* name, const char* way, std::size_t size,
                            std::int64_t count) {
    benchmark::RegisterBenchmark(name, BM_CPython, way, size, count)
        ->Iterations(kPythonRuns)
        ->UseManualTime();
  };
  of_python("BM_QueueShort<CPythonQueue>", "queue", kShort, 20'000);
  of_python("BM_QueueLong<CPythonQueue>", "queue", kLong, 100);
  of_python("BM_PipeShort<CPythonPipe>", "pipe", kShort, 20'000);
  of_python("BM_PipeLong<CPythonPipe>", "pipe", kLong, 100);
  return true;
}();

}  // namespace
}  // namespace weft::benchmarks
