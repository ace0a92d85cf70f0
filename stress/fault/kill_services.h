// A manager, a manager's client and a pool's worker, each killed at a step of what they do for
// others, and judged: the survivors are told, and nothing is left. By the assertions of the test
// that calls.
//
// Thread safety: by the thread that runs the test.
#pragma once

#include <sys/types.h>

#include <array>

#include "primitives/manager/manager.h"
#include "primitives/process_pool/process_pool.h"
#include "stress/fault/kill_while_busy.h"

namespace weft::fault {

// A child, also one that has ended and was not waited for.
bool has_child();

// These three return whether the step was reached before the process was done, and it killed there.

// MG1. A manager's client makes two calls, another one waits. `outcomes`: how many of the two were
// done when it was told.
bool kill_manager_at(const KillWhileBusy::Faults& faults, std::array<int, 3>& outcomes);

// A client changes what others share, with a lock. `outcomes`: whether the next holder was told.
bool kill_client_at(ipc::Manager& manager, const KillWhileBusy::Faults& faults,
                    std::array<int, 2>& outcomes);

// PP1, PP7. Of a pool with one worker, three calls: each is done once, or fails with a word.
// `outcomes`: how many of them did which. The pool's initializer is allow_to_be_driven(), and
// OfWorkers lives.
bool kill_worker_at(ipc::Pool& pool, const KillWhileBusy::Faults& faults,
                    std::array<int, 2>& outcomes);

// One that has just taken another's place may have answered before the pool is told its number.
pid_t worker_of(const ipc::Pool& pool);

// What the calls of kill_worker_at() note, in memory that the workers share: made before the pool.
class OfWorkers {
 public:
  OfWorkers();
  ~OfWorkers();
  OfWorkers(const OfWorkers&) = delete;
  OfWorkers& operator=(const OfWorkers&) = delete;
};

}  // namespace weft::fault
