#include "scenarios/all.h"

#include "scenarios/coroutine/in_turn.h"
#include "scenarios/coroutine/left_open.h"
#include "scenarios/coroutine/passing_on.h"
#include "scenarios/ipc/adding_processes.h"
#include "scenarios/ipc/dining_processes.h"
#include "scenarios/ipc/shared_or_copied.h"
#include "scenarios/ipc/turns.h"
#include "scenarios/locks/acquire_release.h"
#include "scenarios/locks/adder.h"
#include "scenarios/locks/outside_the_lock.h"
#include "scenarios/locks/ping_pong.h"
#include "scenarios/locks/reentrant.h"
#include "scenarios/locks/shared_counter.h"
#include "scenarios/locks/two_locks.h"
#include "scenarios/locks/two_tasks.h"
#include "scenarios/locks/with_lock.h"
#include "scenarios/manager/shared_letters.h"
#include "scenarios/meeting/barrier.h"
#include "scenarios/meeting/signal.h"
#include "scenarios/meeting/user_limit.h"
#include "scenarios/message/hello_pipe.h"
#include "scenarios/message/hello_queue.h"
#include "scenarios/message/process_pipeline.h"
#include "scenarios/message/queue_block.h"
#include "scenarios/philosophers/five_philosophers.h"
#include "scenarios/pool/apply_in_threads.h"
#include "scenarios/pool/map.h"
#include "scenarios/pool/map_async.h"
#include "scenarios/process/basic_use.h"
#include "scenarios/process/counter.h"
#include "scenarios/process/fork_fails.h"
#include "scenarios/process/lost_result.h"
#include "scenarios/process/not_yet.h"
#include "scenarios/process/process_subclass.h"
#include "scenarios/process/two_copies.h"
#include "scenarios/process_pool/executor.h"
#include "scenarios/process_pool/process_apply.h"
#include "scenarios/process_pool/process_map.h"
#include "scenarios/process_pool/process_map_async.h"
#include "scenarios/process_pool/simple_functions.h"
#include "scenarios/process_pool/simple_pool.h"
#include "scenarios/queue/empty.h"
#include "scenarios/queue/join_new.h"
#include "scenarios/queue/pipeline.h"
#include "scenarios/queue/put_get.h"
#include "scenarios/queue/task_done.h"
#include "scenarios/sched/print_time.h"
#include "scenarios/subprocess/list_files.h"
#include "scenarios/threading/completed.h"
#include "scenarios/threading/countdown.h"
#include "scenarios/threading/hello_thread.h"
#include "scenarios/threading/lifecycle.h"
#include "scenarios/threading/overlap.h"
#include "scenarios/threading/print_sum.h"
#include "scenarios/threading/still_running.h"
#include "scenarios/threading/subclass.h"

namespace weft::scenarios {

std::span<const Scenario* const> all_scenarios() {
  static constexpr const Scenario* kAll[] = {
      &kPrintSum,
      &kAdder,
      &kBarrier,
      &kLostResult,
      &kHelloPipe,
      &kHelloQueue,
      &kSimplePool,
      &kMap,
      &kProcessMap,
      &kMapAsync,
      &kProcessMapAsync,
      &kListFiles,
      &kPrintTime,
      &kBasicUse,
      &kQueueBlock,
      &kLifecycle,
      &kHelloThread,
      &kJoinNew,
      &kPutGet,
      &kTaskDone,
      &kEmpty,
      &kAcquireRelease,
      &kAddingProcesses,
      &kWithLock,
      &kTwoLocks,
      &kReentrant,
      &kUserLimit,
      &kSignal,
      &kTwoTasks,
      &kTwoCopies,
      &kSharedLetters,
      &kInTurn,
      &kPipeline,
      &kProcessPipeline,
      &kPassingOn,
      &kLeftOpen,
      &kFivePhilosophers,
      &kDiningProcesses,
      &kForkFails,
      &kCounter,
      &kPingPong,
      &kTurns,
      &kSubclass,
      &kProcessSubclass,
      &kNotYet,
      &kSharedOrCopied,
      &kCountdown,
      &kStillRunning,
      &kCompleted,
      &kSharedCounter,
      &kExecutor,
      &kSimpleFunctions,
      &kApplyInThreads,
      &kProcessApply,
      &kOutsideTheLock,
      &kOverlap,
  };
  return kAll;
}

}  // namespace weft::scenarios
