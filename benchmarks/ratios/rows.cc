// The figures that are compared, one block for each family. To add one: a row here, and its program
// in the BUILD file beside.
#include <initializer_list>

#include "benchmarks/ratios/row.h"

namespace weft::benchmarks {
namespace {

constexpr const char* kPool = "benchmarks/pool/pool_benchmark";
constexpr const char* kAllocation = "benchmarks/pool/allocation_benchmark";
constexpr const char* kRoundTrip = "benchmarks/pool/round_trip_benchmark";
constexpr const char* kForkJoin = "benchmarks/pool/fork_join_benchmark";
constexpr const char* kLock = "benchmarks/threading/lock_benchmark";
constexpr const char* kIpcLock = "benchmarks/ipc/lock_benchmark";
constexpr const char* kSemaphore = "benchmarks/threading/semaphore_benchmark";
constexpr const char* kEvent = "benchmarks/threading/event_benchmark";
constexpr const char* kBarrier = "benchmarks/threading/barrier_benchmark";
constexpr const char* kQueue = "benchmarks/queue/queue_benchmark";
constexpr const char* kMap = "benchmarks/pool/map_benchmark";
constexpr const char* kCPython = "benchmarks/pool/cpython_benchmark";
constexpr const char* kProcessPool = "benchmarks/process_pool/process_pool_benchmark";
constexpr const char* kMessage = "benchmarks/message/message_benchmark";
constexpr const char* kSched = "benchmarks/sched/sched_benchmark";
constexpr const char* kStart = "benchmarks/process/start_benchmark";
constexpr const char* kCoroutine = "benchmarks/coroutine/coroutine_benchmark";

// BENCHMARK<POOL>/ARGUMENTS of each type.
std::vector<Named> of_types(const std::string& program, const std::string& benchmark,
                            const std::string& arguments,
                            std::initializer_list<const char*> pools) {
  std::vector<Named> all;
  for (const char* pool : pools)
    all.push_back({program, benchmark + "<" + pool + ">/" + arguments});
  return all;
}

Row pool_row(std::string name, Sense sense, double floor, double aim, std::string figure,
             const std::string& program, const std::string& benchmark, const std::string& arguments,
             std::initializer_list<const char*> peers, unsigned processors = 0) {
  return {.name = std::move(name),
          .sense = sense,
          .floor = floor,
          .aim = aim,
          .figure = std::move(figure),
          .processors = processors,
          .ours = of_types(program, benchmark, arguments, {"WeftPool"}).front(),
          .peers = of_types(program, benchmark, arguments, peers)};
}

std::vector<Row> pool_rows() {
  const auto all = {"TextbookPool", "AsioPool", "EigenPool", "TbbTaskGroup"};
  const std::string allocations = "tasks:100000/workers:2/iterations:5/real_time";
  const std::string two_workers = "tasks:100000/workers:2/real_time";
  return {
      pool_row("pool: 100k empty tasks, one producer", Sense::kMore, 1.0, 3.0, "items_per_second",
               kPool, "BM_PoolEmptyTasks", two_workers, all),
      pool_row("pool: 100k empty tasks, two producers", Sense::kMore, 1.0, 2.0, "items_per_second",
               kPool, "BM_PoolManyProducers", "tasks:100000/workers:2/producers:2/real_time", all),
      pool_row("pool: 100k futures, collected", Sense::kMore, 1.3, 2.5, "items_per_second", kPool,
               "BM_PoolFutures", two_workers, {"TbbTaskGroup"}),
      {.name = "pool: 10k futures, beside CPython's executor",
       .sense = Sense::kMore,
       .floor = 1.0,
       .aim = 10,
       .figure = "items_per_second",
       .ours = {kCPython, "BM_Futures<WeftPool>/tasks:10000/workers:2/real_time"},
       .peers = {{kCPython,
                  "BM_Futures<CPythonThreadPoolExecutor>/tasks:10000/workers:2/iterations:3/"
                  "manual_time"}}},
      {.name = "pool: map of a million ints, beside CPython's pools",
       .sense = Sense::kMore,
       .floor = 1.0,
       .aim = 10,
       .figure = "items_per_second",
       .ours = {kCPython, "BM_Map<WeftPool>/items:1000000/workers:2/real_time"},
       .peers = {{kCPython,
                  "BM_Map<CPythonThreadPool>/items:1000000/workers:2/iterations:3/manual_time"},
                 {kCPython,
                  "BM_Map<CPythonProcessPool>/items:1000000/workers:2/iterations:3/manual_time"}}},
      pool_row("pool: 1000 tasks of 50 us, efficiency", Sense::kMore, 0.96, 0.98, "efficiency",
               kPool, "BM_PoolWork", "tasks:1000/task_us:50/workers:2/real_time", {}),
      // The same without what else runs on this machine, which takes from both alike.
      pool_row("pool: 1000 tasks of 50 us, beside threads without a pool", Sense::kMore, 0.96, 0.98,
               "efficiency", kPool, "BM_PoolWork", "tasks:1000/task_us:50/workers:2/real_time",
               {"LimitBareThreads"}),
      {.name = "pool: map of a million ints, time",
       .sense = Sense::kLess,
       .floor = 1.1,
       .aim = 0.95,
       .figure = "real_time",
       .ours = {kMap, "BM_MapInto<WeftPool>/items:1000000/workers:2/real_time"},
       .peers = {{kMap, "BM_MapInto<StdPar>/items:1000000/workers:2/real_time"}}},
      // The aim is some 1.3 times what libfork's coroutines take.
      {.name = "pool: fork and join, fib(25), time",
       .sense = Sense::kLess,
       .floor = 1.0,
       .aim = 0.43,
       .figure = "real_time",
       .ours = {kForkJoin, "BM_ForkJoin<WeftPool>/n:25/workers:2/real_time"},
       .peers = {{kForkJoin, "BM_ForkJoin<TbbTaskGroup>/n:25/workers:2/real_time"}}},
      // Without oneTBB's task_group, whose waiting thread does the task itself.
      pool_row("pool: round trip on one processor, median", Sense::kLess, 1.1, 1.0, "p50_ns",
               kRoundTrip, "BM_PoolRoundTrip", "workers:2/real_time",
               {"TextbookPool", "AsioPool", "EigenPool"}, 1),
      pool_row("pool: round trip on two processors, median, ns", Sense::kLess, 1000, 1000, "p50_ns",
               kRoundTrip, "BM_PoolRoundTrip", "workers:2/real_time", {}, 2),
      pool_row("pool: share of a processor used when idle", Sense::kLess, 0.01, 0.001, "idle_cpu",
               kRoundTrip, "BM_PoolIdle", "workers:2/iterations:10/real_time", {}),
      pool_row("pool: allocations for a task with a future", Sense::kLess, 1.001, 1.001,
               "allocations", kAllocation, "BM_PoolAllocationsOfFutures", allocations, {}),
      pool_row("pool: allocations for a task without one", Sense::kLess, 0.001, 0.001,
               "allocations", kAllocation, "BM_PoolAllocationsOfTasks", allocations, {}),
  };
}

std::vector<Row> sched_rows() {
  const std::string events = "events:1000000";
  return {
      {.name = "sched: a million events entered and called",
       .sense = Sense::kMore,
       .floor = 2.0,
       .aim = 2.5,
       .figure = "items_per_second",
       .ours = {kSched, "BM_EnterAndRun<WeftScheduler>/" + events},
       .peers = {{kSched, "BM_EnterAndRun<PriorityQueueOfFunctions>/" + events},
                 {kSched, "BM_EnterAndRun<AsioTimers>/" + events}}},
      // O(log n) or better: with 333 times as many pending, not 333 times as long. The peer is the
      // same with fewer pending.
      {.name = "sched: cancel among a million, time to that among 3,000",
       .sense = Sense::kLess,
       .floor = 10,
       .aim = 5,
       .figure = "real_time",
       .ours = {kSched, "BM_CancelAndEnter<WeftScheduler>/pending:1000000"},
       .peers = {{kSched, "BM_CancelAndEnter<WeftScheduler>/pending:3000"}}},
  };
}

std::vector<Row> coroutine_rows() {
  return {
      {.name = "coroutine: a generator's step, time to one by hand",
       .sense = Sense::kLess,
       .floor = 1.1,
       .aim = 1.1,
       .figure = "real_time",
       .ours = {kCoroutine, "BM_GeneratorSteps<weft::Generator>"},
       .peers = {{kCoroutine, "BM_GeneratorSteps<BareGenerator>"}}},
      // Each step resumes one body, whatever the depth; the peer is the same at the first depth.
      {.name = "coroutine: a thousand elements from 100 generators deep, time to those from one",
       .sense = Sense::kLess,
       .floor = 3,
       .aim = 2,
       .figure = "real_time",
       .ours = {kCoroutine, "BM_NestedElements<weft::elements_of>/depth:100"},
       .peers = {{kCoroutine, "BM_NestedElements<weft::elements_of>/depth:1"}}},
      {.name = "coroutine: a thousand elements from 100 generators deep, time to nested loops",
       .sense = Sense::kLess,
       .floor = 0.1,
       .aim = 0.05,
       .figure = "real_time",
       .ours = {kCoroutine, "BM_NestedElements<weft::elements_of>/depth:100"},
       .peers = {{kCoroutine, "BM_NestedElements<LoopsAtEachDepth>/depth:100"}}},
      {.name = "coroutine: a thousand children awaited, ns",
       .sense = Sense::kLess,
       .floor = 17'000,
       .aim = 10'000,
       .figure = "real_time",
       .ours = {kCoroutine, "BM_AwaitChild<weft::Task>"},
       .peers = {}},
  };
}

// BENCHMARK<OURS>/ARGUMENTS beside BENCHMARK<PEER>/ARGUMENTS; by time where less is better.
Row typed_row(std::string name, Sense sense, double floor, double aim, const std::string& program,
              const std::string& benchmark, const std::string& ours, const std::string& arguments,
              std::initializer_list<const char*> peers) {
  return {.name = std::move(name),
          .sense = sense,
          .floor = floor,
          .aim = aim,
          .figure = sense == Sense::kLess ? "real_time" : "items_per_second",
          .ours = of_types(program, benchmark, arguments, {ours.c_str()}).front(),
          .peers = of_types(program, benchmark, arguments, peers)};
}

std::vector<Row> threading_rows() {
  const std::string bare = "inside_ns:0/outside_ns:0/real_time/threads:2";
  const std::string with_work = "inside_ns:50/outside_ns:500/real_time/threads:2";
  return {
      typed_row("lock: alone, time", Sense::kLess, 0.75, 0.75, kLock, "BM_LockUncontended",
                "weft::Lock", "real_time", {"std::mutex"}),
      typed_row("lock: two threads that do nothing else", Sense::kMore, 1.0, 1.0, kLock,
                "BM_LockContended", "weft::Lock", bare, {"std::mutex"}),
      typed_row("lock: two threads, 50 ns inside, 500 ns outside", Sense::kMore, 1.0, 1.0, kLock,
                "BM_LockContended", "weft::Lock", with_work, {"std::mutex"}),
      typed_row("rlock: nested, time", Sense::kLess, 1.0, 1.0, kLock, "BM_RLockNested",
                "weft::RLock", "real_time", {"std::recursive_mutex"}),
      typed_row("semaphore: alone, time", Sense::kLess, 1.0, 1.0, kSemaphore,
                "BM_SemaphoreUncontended", "weft::Semaphore", "real_time", {"MoodycamelSemaphore"}),
      typed_row("event: wait when set, time", Sense::kLess, 1.0, 1.0, kEvent, "BM_EventWaitWhenSet",
                "weft::Event", "real_time", {"AbslNotification"}),
      typed_row("event: made, set, waited for, time", Sense::kLess, 1.0, 1.0, kEvent,
                "BM_EventOneUse", "weft::Event", "real_time", {"AbslNotification"}),
      typed_row("barrier: two threads on two processors, time of a round", Sense::kLess, 0.2, 0.2,
                kBarrier, "BM_BarrierRound", "WeftBarrier", "cpus:2/real_time/threads:2",
                {"std::barrier<>"}),
  };
}

std::vector<Row> ipc_rows() {
  return {
      typed_row("lock between processes: alone, beside std::mutex, time", Sense::kLess, 1.3, 1.0,
                kIpcLock, "BM_IpcLockUncontended", "weft::ipc::Lock", "real_time",
                {"LimitStdMutex"}),
      typed_row("lock between processes: alone, beside others between processes, time",
                Sense::kLess, 1.0, 1.0, kIpcLock, "BM_IpcLockUncontended", "weft::ipc::Lock",
                "real_time", {"RobustPthreadMutex", "BoostInterprocessMutex"}),
      typed_row("rlock between processes: alone, beside robust pthread, time", Sense::kLess, 1.0,
                1.0, kIpcLock, "BM_IpcRLockUncontended", "weft::ipc::RLock", "real_time",
                {"RobustPthreadMutex"}),
  };
}

std::vector<Row> queue_rows() {
  const auto row = [](const char* name, const std::string& ours, const char* arguments,
                      double floor, double aim, std::initializer_list<const char*> peers) {
    return typed_row(name, Sense::kMore, floor, aim, kQueue, "BM_QueueTransfer", ours, arguments,
                     peers);
  };
  return {
      row("queue: of 1024, with task_done, one producer, one consumer", "WeftQueueOfTasks",
          "capacity:1024/real_time/threads:2", 1.5, 3.0, {"BoostSyncBoundedQueue"}),
      row("queue: of 1024, with task_done, two producers, two consumers", "WeftQueueOfTasks",
          "capacity:1024/real_time/threads:4", 1.5, 3.0, {"BoostSyncBoundedQueue"}),
      row("simple queue: one producer, one consumer", "WeftSimpleQueue",
          "capacity:0/real_time/threads:2", 1.0, 1.0, {"TextbookQueue"}),
      row("simple queue: two producers, two consumers", "WeftSimpleQueue",
          "capacity:0/real_time/threads:4", 1.0, 1.0, {"TextbookQueue"}),
  };
}

std::vector<Row> process_pool_rows() {
  const auto row = [](const char* name, const std::string& benchmark, const char* work) {
    return Row{.name = name,
               .sense = Sense::kMore,
               .floor = 20,
               .aim = 50,
               .figure = "items_per_second",
               .ours = {kProcessPool, benchmark + "<WeftPool>/" + work + "/workers:2/real_time"},
               .peers = {{kProcessPool, benchmark + "<CPythonPool>/" + work +
                                            "/workers:2/iterations:3/manual_time"}}};
  };
  const auto death = [](const char* name, double most, const char* figure) {
    return Row{
        .name = name,
        .sense = Sense::kLess,
        .floor = most,
        .aim = 1000,
        .figure = figure,
        .ours = {kProcessPool, "BM_ProcessPoolDeath<WeftPool>/deaths:20/workers:2/manual_time"},
        .peers = {}};
  };
  return {
      row("process pool: map in chunks of one", "BM_ProcessPoolMap", "items:20000"),
      row("process pool: calls, collected", "BM_ProcessPoolCalls", "tasks:20000"),
      row("process pool: one call at a time", "BM_ProcessPoolRoundTrip", "tasks:1000"),
      death("process pool: until the call of a killed process fails, median, us", 10'000, "p50_us"),
      death("process pool: the same, 99 of 100, us", 50'000, "p99_us"),
  };
}

std::vector<Row> process_rows() {
  return {
      typed_row("process: a fork that does nothing, started and joined, time", Sense::kLess, 1.2,
                1.1, kStart, "BM_ProcessStart", "WeftProcess", "real_time", {"Fork"}),
      typed_row("process: a program that does nothing, started and waited for, time", Sense::kLess,
                1.1, 1.0, kStart, "BM_ProgramStart", "WeftPopen", "real_time", {"PosixSpawn"}),
      {.name = "process: a fork, time to CPython's",
       .sense = Sense::kLess,
       .floor = 0.5,
       .aim = 0.25,
       .figure = "real_time",
       .ours = {kStart, "BM_ProcessStart<WeftProcess>/real_time"},
       .peers = {{kStart, "BM_ProcessStart<CPythonProcess>/iterations:3/manual_time"}}},
      {.name = "process: a program, time to CPython's",
       .sense = Sense::kLess,
       .floor = 1.0,
       .aim = 0.5,
       .figure = "real_time",
       .ours = {kStart, "BM_ProgramStart<WeftPopen>/real_time"},
       .peers = {{kStart, "BM_ProgramStart<CPythonPopen>/iterations:3/manual_time"}}},
  };
}

std::vector<Row> message_rows() {
  const auto row = [](const char* name, const char* ours, double floor, double aim,
                      const char* peer) {
    return Row{.name = name,
               .sense = Sense::kMore,
               .floor = floor,
               .aim = aim,
               .figure = "items_per_second",
               .ours = {kMessage, ours},
               .peers = {{kMessage, peer}}};
  };
  const char* const cpython = "BM_QueueShort<CPythonQueue>/iterations:3/manual_time";
  return {
      row("ipc queue: 64 bytes, beside Boost.Interprocess", "BM_QueueShort<WeftIpcQueue>/real_time",
          1.0, 3.0, "BM_QueueShort<BoostMessageQueue>/real_time"),
      row("ipc queue: 64 bytes, beside CPython's", "BM_QueueShort<WeftIpcQueue>/real_time", 20, 40,
          cpython),
      row("ipc queue: a mebibyte, beside a socketpair",
          "BM_QueueLong<WeftIpcQueueOfVectors>/real_time", 0.9, 1.1,
          "BM_QueueLong<SeqpacketSocketpair>/real_time"),
      row("connection: 64 bytes, beside a socketpair", "BM_PipeShort<WeftConnection>/real_time",
          1.0, 3.0, "BM_PipeShort<SeqpacketSocketpair>/real_time"),
      row("connection: 64 bytes, beside Boost.Interprocess",
          "BM_PipeShort<WeftConnection>/real_time", 1.0, 3.0,
          "BM_QueueShort<BoostMessageQueue>/real_time"),
      row("connection: a mebibyte, beside a socketpair", "BM_PipeLong<WeftConnection>/real_time",
          0.9, 1.0, "BM_PipeLong<SeqpacketSocketpair>/real_time"),
  };
}

}  // namespace

const std::vector<Row>& all_rows() {
  static const std::vector<Row> rows = [] {
    std::vector<Row> all;
    for (const auto& family :
         {pool_rows(), process_rows(), process_pool_rows(), ipc_rows(), message_rows(),
          threading_rows(), queue_rows(), sched_rows(), coroutine_rows()}) {
      all.insert(all.end(), family.begin(), family.end());
    }
    return all;
  }();
  return rows;
}

}  // namespace weft::benchmarks
