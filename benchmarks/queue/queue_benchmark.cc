// What a queue costs: put and get in one thread, and items handed from producers to consumers.
//
// Peers: the textbook's queue (one mutex, two conditions), and where the system has them
// boost::sync_bounded_queue, tbb::concurrent_bounded_queue and moodycamel::BlockingConcurrentQueue,
// which has no maximum. All of them block: a queue that makes its caller spin answers another
// question.
#include <benchmark/benchmark.h>

#include "benchmarks/queue/queues.h"

namespace weft::benchmarks {
namespace {

template <class Queue>
void BM_QueueUncontended(benchmark::State& state) {
  Queue queue(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    queue.put(1);
    benchmark::DoNotOptimize(queue.get());
  }
  state.SetItemsProcessed(state.iterations());
}

// One for each Queue, made anew for each run.
template <class Queue>
std::unique_ptr<Queue>& shared_queue() {
  static std::unique_ptr<Queue> queue;
  return queue;
}

// As many producers as consumers, and each moves as many items: all that was put is got.
template <class Queue>
void BM_QueueTransfer(benchmark::State& state) {
  Queue& queue = *shared_queue<Queue>();
  if (state.thread_index() % 2 == 0) {
    long next = 0;
    for (auto _ : state) queue.put(next++);
    state.SetItemsProcessed(state.iterations());
  } else {
    for (auto _ : state) benchmark::DoNotOptimize(queue.get());
  }
}

template <class Queue>
void alone(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("capacity")->UseRealTime();
  if (Queue::kBounded) benchmark->Arg(1024);
  if (Queue::kUnbounded) benchmark->Arg(0);
}

template <class Queue>
void transfer(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("capacity")->UseRealTime()->Threads(2)->Threads(4);
  if (Queue::kBounded) benchmark->Arg(16)->Arg(1024);
  if (Queue::kUnbounded) benchmark->Arg(0);
  benchmark->Setup([](const benchmark::State& state) {
    shared_queue<Queue>() = std::make_unique<Queue>(static_cast<std::size_t>(state.range(0)));
  });
  benchmark->Teardown([](const benchmark::State&) { shared_queue<Queue>().reset(); });
}

#define WEFT_QUEUE_BENCHMARKS(Queue)                          \
  BENCHMARK(BM_QueueUncontended<Queue>)->Apply(alone<Queue>); \
  BENCHMARK(BM_QueueTransfer<Queue>)->Apply(transfer<Queue>)

WEFT_QUEUE_BENCHMARKS(WeftQueue);
WEFT_QUEUE_BENCHMARKS(WeftQueueOfTasks);
WEFT_QUEUE_BENCHMARKS(WeftLifoQueue);
WEFT_QUEUE_BENCHMARKS(WeftPriorityQueue);
WEFT_QUEUE_BENCHMARKS(WeftSimpleQueue);
WEFT_QUEUE_BENCHMARKS(TextbookQueue);
#ifdef WEFT_HAVE_BOOST
WEFT_QUEUE_BENCHMARKS(BoostSyncBoundedQueue);
#endif
#ifdef WEFT_HAVE_ONETBB
WEFT_QUEUE_BENCHMARKS(TbbBoundedQueue);
#endif
#ifdef WEFT_HAVE_MOODYCAMEL
WEFT_QUEUE_BENCHMARKS(MoodycamelBlockingQueue);
#endif

}  // namespace
}  // namespace weft::benchmarks
