// Desk: what a worker and its pool have in common, made before the worker is forked: the slot in
// shared memory, and the bells of both sides. Each worker that takes another's place uses its desk.
#pragma once

#include "primitives/ipc/shared_object.h"
#include "primitives/process_pool/bell.h"
#include "primitives/process_pool/slot.h"

namespace weft::internal {

struct Desk {
  explicit Desk(Bell& pools) : pools(pools) {}

  SharedObject<SharedSlot> slot = SharedObject<SharedSlot>::make();
  Bell workers{slot->worker_sleeps};  // rung by the pool
  Bell& pools;                        // rung by all workers
};

}  // namespace weft::internal
