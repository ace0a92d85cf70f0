"""The families: each one program, under the name that its results have.

Thread safety: constants.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    name: str  # of its files, and for --only
    title: str
    program: str  # from the root of the tree

    @property
    def is_bug_table(self):
        """Whether it measures no times, but how soon bugs are found."""
        return self.program.endswith("/bug_finding")


FAMILIES = (
    Family("lock", "Locks", "benchmarks/threading/lock_benchmark"),
    Family("semaphore", "Semaphores", "benchmarks/threading/semaphore_benchmark"),
    Family("event", "Events", "benchmarks/threading/event_benchmark"),
    Family("barrier", "Barriers", "benchmarks/threading/barrier_benchmark"),
    Family("condition", "Conditions", "benchmarks/threading/condition_benchmark"),
    Family("queue", "Queues", "benchmarks/queue/queue_benchmark"),
    Family("queue-try", "Queues that do not wait", "benchmarks/queue/try_benchmark"),
    Family("future", "Futures", "benchmarks/pool/future_benchmark"),
    Family("pool", "Pools of threads", "benchmarks/pool/pool_benchmark"),
    Family("pool-round-trip", "Pools: one task at a time", "benchmarks/pool/round_trip_benchmark"),
    Family("pool-map", "Pools: a function over many numbers", "benchmarks/pool/map_benchmark"),
    Family("pool-fork-join", "Pools: fork and join", "benchmarks/pool/fork_join_benchmark"),
    Family("pool-memory", "Pools: allocations of a task", "benchmarks/pool/allocation_benchmark"),
    Family("pool-cpython", "Pools, beside CPython", "benchmarks/pool/cpython_benchmark"),
    Family("scheduler", "Schedulers of events", "benchmarks/sched/sched_benchmark"),
    Family("coroutine", "Generators and coroutines", "benchmarks/coroutine/coroutine_benchmark"),
    Family("process-start", "Starts of processes", "benchmarks/process/start_benchmark"),
    Family("message", "Pipes and queues between processes", "benchmarks/message/message_benchmark"),
    Family("ipc-lock", "Locks between processes", "benchmarks/ipc/lock_benchmark"),
    Family("process-pool", "Pools of processes",
           "benchmarks/process_pool/process_pool_benchmark"),
    Family("manager", "Calls of a manager", "benchmarks/manager/manager_benchmark"),
    Family("explorer", "The harness: scheduling points and executions",
           "benchmarks/harness/explorer_benchmark"),
    Family("whole-programs", "The harness: executions of whole programs",
           "benchmarks/harness/whole_programs_benchmark"),
    Family("judge", "The harness: histories judged", "benchmarks/harness/judge_benchmark"),
    Family("bug-finding", "The harness: bugs found", "benchmarks/harness/bug_finding"),
)
