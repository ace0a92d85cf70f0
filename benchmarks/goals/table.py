"""The goals, a block for each family. What is not "time" in a name is a rate, or says what it is.

Thread safety: constants.
Invariants:    (I1) each names benchmarks of its family's program; goals_test asks the programs.
"""

from benchmarks.goals.goal import Goal


def _least(name, family, floor, aim, ours, *peers, **more):
    """Ours is to be at least so many times as good as the best peer."""
    return Goal(name, family, ours, peers, True, floor, aim, **more)


def _most(name, family, floor, aim, ours, *peers, **more):
    """Ours is to cost at most so many times what the best peer costs."""
    return Goal(name, family, ours, peers, False, floor, aim, **more)


def _typed(bound, name, family, floor, aim, benchmark, types, knobs, **more):
    """BENCHMARK<TYPE>/KNOBS of each type; the first is ours."""
    return bound(name, family, floor, aim, *(f"{benchmark}<{kind}>/{knobs}" for kind in types), **more)


def _pools():
    all_ = ("WeftPool", "TextbookPool", "AsioPool", "EigenPool", "TbbTaskGroup")
    two = "tasks:100000/workers:2/real_time"
    work = "tasks:1000/task_us:50/workers:2/real_time"
    cpython = "workers:2/iterations:3/manual_time"
    counted = "tasks:100000/workers:2/iterations:5/real_time"
    return (
        _typed(_least, "pool: 100k empty tasks, one producer", "pool", 1.0, 3.0,
               "BM_PoolEmptyTasks", all_, two),
        _typed(_least, "pool: 100k empty tasks, two producers", "pool", 1.0, 2.0,
               "BM_PoolManyProducers", all_, "tasks:100000/workers:2/producers:2/real_time"),
        # Four times as many workers as processors are no loss; the peer is the same with two.
        _most("pool: 100k empty tasks, time with eight workers to that with two", "pool", 1.15, 1.0,
              "BM_PoolEmptyTasks<WeftPool>/tasks:100000/workers:8/real_time",
              f"BM_PoolEmptyTasks<WeftPool>/{two}"),
        _typed(_least, "pool: 100k futures, collected", "pool", 1.3, 2.5,
               "BM_PoolFutures", ("WeftPool", "TbbTaskGroup"), two),
        _least("pool: 10k futures, beside CPython's executor", "pool-cpython", 1.0, 10,
               "BM_Futures<WeftPool>/tasks:10000/workers:2/real_time",
               f"BM_Futures<CPythonThreadPoolExecutor>/tasks:10000/{cpython}"),
        _least("pool: map of a million ints, beside CPython's pools", "pool-cpython", 1.0, 10,
               "BM_Map<WeftPool>/items:1000000/workers:2/real_time",
               f"BM_Map<CPythonThreadPool>/items:1000000/{cpython}",
               f"BM_Map<CPythonProcessPool>/items:1000000/{cpython}"),
        _typed(_least, "pool: 1000 tasks of 50 us, efficiency", "pool", 0.96, 0.98,
               "BM_PoolWork", ("WeftPool",), work, figure="efficiency"),
        # The same without what else runs on this machine, which takes from both alike.
        _typed(_least, "pool: 1000 tasks of 50 us, beside threads without a pool", "pool", 0.96, 0.98,
               "BM_PoolWork", ("WeftPool", "LimitBareThreads"), work, figure="efficiency"),
        _typed(_least, "pool: 1000 tasks of 50 us, eight workers, efficiency", "pool", 0.96, 0.98,
               "BM_PoolWork", ("WeftPool",), "tasks:1000/task_us:50/workers:8/real_time",
               figure="efficiency"),
        _typed(_most, "pool: map of a million ints, time", "pool-map", 1.1, 0.95,
               "BM_MapInto", ("WeftPool", "StdPar"), "items:1000000/workers:2/real_time"),
        # The aim is some 1.3 times what libfork's coroutines take.
        _typed(_most, "pool: fork and join, fib(25), time", "pool-fork-join", 1.0, 0.43,
               "BM_ForkJoin", ("WeftPool", "TbbTaskGroup"), "n:25/workers:2/real_time"),
        # Without oneTBB's task_group, whose waiting thread does the task itself.
        _typed(_most, "pool: round trip on one processor, median", "pool-round-trip", 1.1, 1.0,
               "BM_PoolRoundTrip", ("WeftPool", "TextbookPool", "AsioPool", "EigenPool"),
               "workers:2/real_time", figure="p50_ns", processors=1),
        _typed(_most, "pool: round trip on two processors, median, ns", "pool-round-trip", 1000, 1000,
               "BM_PoolRoundTrip", ("WeftPool",), "workers:2/real_time", figure="p50_ns",
               processors=2),
        _typed(_most, "pool: share of a processor used when idle", "pool-round-trip", 0.01, 0.001,
               "BM_PoolIdle", ("WeftPool",), "workers:2/iterations:10/real_time", figure="idle_cpu"),
        _typed(_most, "pool: allocations for a task with a future", "pool-memory", 1.001, 1.001,
               "BM_PoolAllocationsOfFutures", ("WeftPool",), counted, figure="allocations"),
        _typed(_most, "pool: allocations for a task without one", "pool-memory", 0.001, 0.001,
               "BM_PoolAllocationsOfTasks", ("WeftPool",), counted, figure="allocations"),
    )


def _processes():
    start = "BM_ProcessStart<{}>/{}"
    program = "BM_ProgramStart<{}>/{}"
    ours, cpython = "real_time", "iterations:3/manual_time"
    return (
        _most("process: a fork that does nothing, started and joined, time", "process-start", 1.2, 1.1,
              start.format("WeftProcess", ours), start.format("Fork", ours)),
        _most("process: a program that does nothing, started and waited for, time", "process-start",
              1.1, 1.0, program.format("WeftPopen", ours), program.format("PosixSpawn", ours)),
        _most("process: a fork, time to CPython's", "process-start", 0.5, 0.25,
              start.format("WeftProcess", ours), start.format("CPythonProcess", cpython)),
        _most("process: a program, time to CPython's", "process-start", 1.0, 0.5,
              program.format("WeftPopen", ours), program.format("CPythonPopen", cpython)),
    )


def _process_pools():
    def beside_cpython(name, benchmark, work):
        return _least(name, "process-pool", 20, 50,
                      f"{benchmark}<WeftPool>/{work}/workers:2/real_time",
                      f"{benchmark}<CPythonPool>/{work}/workers:2/iterations:3/manual_time")

    def death(name, floor, figure):
        return _most(name, "process-pool", floor, 1000,
                     "BM_ProcessPoolDeath<WeftPool>/deaths:20/workers:2/manual_time", figure=figure)

    return (
        beside_cpython("process pool: map in chunks of one", "BM_ProcessPoolMap", "items:20000"),
        beside_cpython("process pool: calls, collected", "BM_ProcessPoolCalls", "tasks:20000"),
        beside_cpython("process pool: one call at a time", "BM_ProcessPoolRoundTrip", "tasks:1000"),
        death("process pool: until the call of a killed process fails, median, us", 10_000, "p50_us"),
        death("process pool: the same, 99 of 100, us", 50_000, "p99_us"),
    )


def _locks_between_processes():
    return (
        _typed(_most, "lock between processes: alone, beside std::mutex, time", "ipc-lock", 1.3, 1.0,
               "BM_IpcLockUncontended", ("weft::ipc::Lock", "LimitStdMutex"), "real_time"),
        _typed(_most, "lock between processes: alone, beside others between processes, time",
               "ipc-lock", 1.0, 1.0, "BM_IpcLockUncontended",
               ("weft::ipc::Lock", "RobustPthreadMutex", "BoostInterprocessMutex"), "real_time"),
        _typed(_most, "rlock between processes: alone, beside robust pthread, time", "ipc-lock", 1.0,
               1.0, "BM_IpcRLockUncontended", ("weft::ipc::RLock", "RobustPthreadMutex"), "real_time"),
    )


def _messages():
    def beside(name, benchmark, ours, floor, aim, peer, how="real_time"):
        return _least(name, "message", floor, aim, f"{benchmark}<{ours}>/real_time",
                      f"{benchmark}<{peer}>/{how}")

    return (
        beside("ipc queue: 64 bytes, beside Boost.Interprocess", "BM_QueueShort", "WeftIpcQueue", 1.0,
               3.0, "BoostMessageQueue"),
        beside("ipc queue: 64 bytes, beside CPython's", "BM_QueueShort", "WeftIpcQueue", 20, 40,
               "CPythonQueue", "iterations:3/manual_time"),
        beside("ipc queue: a mebibyte, beside a socketpair", "BM_QueueLong", "WeftIpcQueueOfVectors",
               0.9, 1.1, "SeqpacketSocketpair"),
        beside("connection: 64 bytes, beside a socketpair", "BM_PipeShort", "WeftConnection", 1.0, 3.0,
               "SeqpacketSocketpair"),
        _least("connection: 64 bytes, beside Boost.Interprocess", "message", 1.0, 3.0,
               "BM_PipeShort<WeftConnection>/real_time", "BM_QueueShort<BoostMessageQueue>/real_time"),
        beside("connection: a mebibyte, beside a socketpair", "BM_PipeLong", "WeftConnection", 0.9, 1.0,
               "SeqpacketSocketpair"),
    )


def _threading():
    locks = ("weft::Lock", "std::mutex")
    event = ("weft::Event", "AbslNotification")
    return (
        _typed(_most, "lock: alone, time", "lock", 0.75, 0.75, "BM_LockUncontended", locks,
               "real_time"),
        _typed(_least, "lock: two threads that do nothing else", "lock", 1.0, 1.0, "BM_LockContended",
               locks, "inside_ns:0/outside_ns:0/real_time/threads:2"),
        _typed(_least, "lock: two threads, 50 ns inside, 500 ns outside", "lock", 1.0, 1.0,
               "BM_LockContended", locks, "inside_ns:50/outside_ns:500/real_time/threads:2"),
        _typed(_most, "rlock: nested, time", "lock", 1.0, 1.0, "BM_RLockNested",
               ("weft::RLock", "std::recursive_mutex"), "real_time"),
        _typed(_most, "semaphore: alone, time", "semaphore", 1.0, 1.0, "BM_SemaphoreUncontended",
               ("weft::Semaphore", "MoodycamelSemaphore"), "real_time"),
        _typed(_most, "event: wait when set, time", "event", 1.0, 1.0, "BM_EventWaitWhenSet", event,
               "real_time"),
        _typed(_most, "event: made, set, waited for, time", "event", 1.0, 1.0, "BM_EventOneUse", event,
               "real_time"),
        _typed(_most, "barrier: two threads on two processors, time of a round", "barrier", 0.2, 0.2,
               "BM_BarrierRound", ("WeftBarrier", "std::barrier<>"), "cpus:2/real_time/threads:2"),
    )


def _queues():
    def transfer(name, floor, aim, types, capacity, threads):
        return _typed(_least, name, "queue", floor, aim, "BM_QueueTransfer", types,
                      f"capacity:{capacity}/real_time/threads:{threads}")

    with_tasks = ("WeftQueueOfTasks", "BoostSyncBoundedQueue")
    simple = ("WeftSimpleQueue", "TextbookQueue")
    return (
        transfer("queue: of 1024, with task_done, one producer, one consumer", 1.5, 3.0, with_tasks,
                 1024, 2),
        transfer("queue: of 1024, with task_done, two producers, two consumers", 1.5, 3.0, with_tasks,
                 1024, 4),
        transfer("simple queue: one producer, one consumer", 1.0, 1.0, simple, 0, 2),
        transfer("simple queue: two producers, two consumers", 1.0, 1.0, simple, 0, 4),
    )


def _schedulers():
    return (
        _typed(_least, "sched: a million events entered and called", "scheduler", 2.0, 2.5,
               "BM_EnterAndRun", ("WeftScheduler", "PriorityQueueOfFunctions", "AsioTimers"),
               "events:1000000"),
        # O(log n) or better: with 333 times as many pending, not 333 times as long. The peer is the
        # same with fewer pending.
        _most("sched: cancel among a million, time to that among 3,000", "scheduler", 10, 5,
              "BM_CancelAndEnter<WeftScheduler>/pending:1000000",
              "BM_CancelAndEnter<WeftScheduler>/pending:3000"),
    )


def _coroutines():
    nested = "BM_NestedElements<{}>/depth:{}"
    deep = nested.format("weft::elements_of", 100)
    return (
        _most("coroutine: a generator's step, time to one by hand", "coroutine", 1.1, 1.1,
              "BM_GeneratorSteps<weft::Generator>", "BM_GeneratorSteps<BareGenerator>"),
        # Each step resumes one body, whatever the depth; the peer is the same at the first depth.
        _most("coroutine: a thousand elements from 100 generators deep, time to those from one",
              "coroutine", 3, 2, deep, nested.format("weft::elements_of", 1)),
        _most("coroutine: a thousand elements from 100 generators deep, time to nested loops",
              "coroutine", 0.1, 0.05, deep, nested.format("LoopsAtEachDepth", 100)),
        _most("coroutine: a thousand children awaited, ns", "coroutine", 17_000, 10_000,
              "BM_AwaitChild<weft::Task>"),
    )


GOALS = (*_threading(), *_queues(), *_pools(), *_schedulers(), *_coroutines(), *_processes(),
         *_locks_between_processes(), *_messages(), *_process_pools())
