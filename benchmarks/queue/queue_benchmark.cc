// What a queue costs: put and get in one thread, and items handed from producers to consumers, as
// many of these as of those or one of a kind, one by one or in batches.
//
// Peers: the textbook's queue (one mutex, two conditions), and where the system has them
// boost::sync_bounded_queue, tbb::concurrent_bounded_queue and moodycamel::BlockingConcurrentQueue,
// which has no maximum, and CPython's by the python3 on PATH. All of them block: a queue that makes
// its caller spin answers another question.
#include <benchmark/benchmark.h>

#include <string>

#include "benchmarks/python_peer/python_peer.h"
#include "benchmarks/queue/queues.h"
#include "benchmarks/threading/shared.h"

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

// As many producers as consumers, and each moves as many items: all that was put is got.
template <class Queue>
void BM_QueueTransfer(benchmark::State& state) {
  Queue& queue = Shared<Queue>::get();
  if (state.thread_index() % 2 == 0) {
    long next = 0;
    for (auto _ : state) queue.put(next++);
    state.SetItemsProcessed(state.iterations());
  } else {
    for (auto _ : state) benchmark::DoNotOptimize(queue.get());
  }
}

// Some producers, and the other threads consumers: where there are fewer of a kind, each of them
// moves more items, so that all that was put is got.
template <class Queue>
void BM_QueueFan(benchmark::State& state) {
  Queue& queue = Shared<Queue>::get();
  const auto producers = static_cast<int>(state.range(1));
  const int consumers = state.threads() - producers;
  if (state.thread_index() < producers) {
    for (auto _ : state) {
      for (int i = 0; i < consumers; ++i) queue.put(i);
    }
    state.SetItemsProcessed(state.iterations() * consumers);
  } else {
    for (auto _ : state) {
      for (int i = 0; i < producers; ++i) benchmark::DoNotOptimize(queue.get());
    }
  }
}

// Batches by the queue's own call, where it has one.
template <class Queue>
void BM_QueueBatches(benchmark::State& state) {
  Queue& queue = Shared<Queue>::get();
  long batch[kBatch] = {};
  if (state.thread_index() % 2 == 0) {
    for (auto _ : state) put_batch(queue, batch);
    state.SetItemsProcessed(state.iterations() * kBatch);
  } else {
    for (auto _ : state) {
      get_batch(queue, batch);
      benchmark::DoNotOptimize(batch);
    }
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
  benchmark->ArgName("capacity")->UseRealTime()->Threads(2)->Threads(4)->Threads(8);
  if (Queue::kBounded) benchmark->Arg(16)->Arg(1024);
  if (Queue::kUnbounded) benchmark->Arg(0);
  benchmark->Setup(Shared<Queue>::make_of_size)->Teardown(Shared<Queue>::drop);
}

template <class Queue>
void fan(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"capacity", "producers"})->UseRealTime()->Threads(4);
  for (const int producers : {1, 3}) {
    if (Queue::kBounded) benchmark->Args({1024, producers});
    if (Queue::kUnbounded) benchmark->Args({0, producers});
  }
  benchmark->Setup(Shared<Queue>::make_of_size)->Teardown(Shared<Queue>::drop);
}

template <class Queue>
void batches(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("capacity")->UseRealTime()->Threads(2);
  if (Queue::kBounded) benchmark->Arg(1024);
  if (Queue::kUnbounded) benchmark->Arg(0);
  benchmark->Setup(Shared<Queue>::make_of_size)->Teardown(Shared<Queue>::drop);
}

#define WEFT_QUEUE_BENCHMARKS(Queue)                          \
  BENCHMARK(BM_QueueUncontended<Queue>)->Apply(alone<Queue>); \
  BENCHMARK(BM_QueueTransfer<Queue>)->Apply(transfer<Queue>); \
  BENCHMARK(BM_QueueFan<Queue>)->Apply(fan<Queue>);           \
  BENCHMARK(BM_QueueBatches<Queue>)->Apply(batches<Queue>)

WEFT_QUEUE_BENCHMARKS(WeftQueue);
WEFT_QUEUE_BENCHMARKS(WeftQueueOfTasks);
WEFT_QUEUE_BENCHMARKS(WeftSimpleQueue);
WEFT_QUEUE_BENCHMARKS(TextbookQueue);

// Other orders, beside the textbook's of the same order.
#define WEFT_ORDER_BENCHMARKS(Order, Queue)         \
  BENCHMARK(BM_QueueUncontended<Queue>)             \
      ->Name("BM_" Order "Uncontended<" #Queue ">") \
      ->Apply(alone<Queue>);                        \
  BENCHMARK(BM_QueueTransfer<Queue>)                \
      ->Name("BM_" Order "Transfer<" #Queue ">")    \
      ->Apply(transfer<Queue>)

WEFT_ORDER_BENCHMARKS("Lifo", WeftLifoQueue);
WEFT_ORDER_BENCHMARKS("Lifo", TextbookLifoQueue);
WEFT_ORDER_BENCHMARKS("Priority", WeftPriorityQueue);
WEFT_ORDER_BENCHMARKS("Priority", TextbookPriorityQueue);
#ifdef WEFT_HAVE_BOOST
WEFT_QUEUE_BENCHMARKS(BoostSyncBoundedQueue);
#endif
#ifdef WEFT_HAVE_ONETBB
WEFT_QUEUE_BENCHMARKS(TbbBoundedQueue);
#endif
#ifdef WEFT_HAVE_MOODYCAMEL
WEFT_QUEUE_BENCHMARKS(MoodycamelBlockingQueue);
#endif

constexpr const char* kScript = R"(
import queue, sys, time, threading

if __name__ == '__main__':
    capacity, count = int(sys.argv[1]), int(sys.argv[2])
    items = queue.Queue(capacity)
    def produce():
        for i in range(count):
            items.put(i)
    producer = threading.Thread(target=produce)
    began = time.perf_counter()
    producer.start()
    right = sum([items.get() for _ in range(count)]) == count * (count - 1) // 2
    took = time.perf_counter() - began
    producer.join()
    print(took / count / 2 if right else 'wrong')
)";

// As BM_QueueTransfer with two threads, whose iterations Google Benchmark counts together: a time
// of theirs is half of what passes from item to item.
void BM_CPython(benchmark::State& state) {
  constexpr int kItems = 20'000;
  run_python(state, kScript, {"1024", std::to_string(kItems)});
  state.counters["items_per_second"] =
      benchmark::Counter(static_cast<double>(state.iterations()) / 2, benchmark::Counter::kIsRate);
}

const bool is_registered = [] {
  if (!has_python()) return true;
  benchmark::RegisterBenchmark("BM_QueueTransfer<CPythonQueue>/capacity:1024/threads:2", BM_CPython)
      ->Iterations(kPythonRuns)
      ->UseManualTime();
  return true;
}();

}  // namespace
}  // namespace weft::benchmarks
