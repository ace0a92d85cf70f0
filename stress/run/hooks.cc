// The harness's definitions of the hooks in primitives/annotate.h: they record for each thread what
// it waits for and holds, and perturb the schedule.
//
// A hook is called from inside primitives, in any state of their locks, so it takes no lock and
// waits for nobody, and all that it shares with other threads is relaxed (threads.h says why).
#include "primitives/annotate.h"
#include "stress/run/futex.h"
#include "stress/run/perturb.h"
#include "stress/run/threads.h"

namespace weft::internal {
namespace {

// relaxed throughout: hooks order no tested threads, see threads.h.
constexpr auto kRelaxed = std::memory_order_relaxed;

void record_held(ThreadSlot& slot, const void* object, const char* kind) {
  ThreadSlot::Held* entry = &slot.held.back();  // overwritten when all are in use
  for (auto& held : slot.held) {
    if (held.object.load(kRelaxed) == nullptr) {
      entry = &held;
      break;
    }
  }
  entry->kind.store(kind, kRelaxed);
  entry->object.store(object, kRelaxed);
}

bool forget_held(ThreadSlot& slot, const void* object) {
  for (auto held = slot.held.rbegin(); held != slot.held.rend(); ++held) {
    if (held->object.load(kRelaxed) != object) continue;
    held->object.store(nullptr, kRelaxed);
    return true;
  }
  return false;
}

}  // namespace
}  // namespace weft::internal

extern "C" {

void weft_on_waiting(const void* object, const char* kind) {
  using namespace weft::internal;
  ThreadSlot* slot = this_slot();
  if (slot == nullptr) return;
  stop_if_parked(*slot);
  slot->waiting_kind.store(kind, kRelaxed);
  slot->waiting_for.store(object, kRelaxed);
  // A body that waits before it joins would otherwise wait for threads that are still held back.
  const ThreadLocalState& local = this_thread();
  if (local.gate != nullptr && local.gate->load(kRelaxed) < local.gate_value) {
    local.gate->store(local.gate_value, kRelaxed);
    futex_wake_all(*local.gate);
  }
  perturb_this_thread();
}

void weft_on_acquired(const void* object, const char* kind) {
  using namespace weft::internal;
  ThreadSlot* slot = this_slot();
  if (slot == nullptr) return;
  slot->waiting_for.store(nullptr, kRelaxed);
  record_held(*slot, object, kind);
  stop_if_parked(*slot);
  perturb_this_thread();
}

void weft_on_released(const void* object, const char*) {
  using namespace weft::internal;
  ThreadSlot* slot = this_slot();
  if (slot == nullptr) return;
  stop_if_parked(*slot);
  if (slot->waiting_for.load(kRelaxed) == object) {
    slot->waiting_for.store(nullptr, kRelaxed);
  } else if (!forget_held(*slot, object)) {
    forget_holder(object);
  }
  perturb_this_thread();
}

void weft_on_named(const void* object, const char* name) {
  weft::internal::set_object_name(object, name);
}

void weft_on_destroyed(const void* object) {
  using namespace weft::internal;
  forget_object_name(object);
  if (ThreadSlot* slot = this_slot()) forget_held(*slot, object);
}

void weft_on_point(const char*) {
  using namespace weft::internal;
  ThreadSlot* slot = this_slot();
  if (slot == nullptr) return;
  stop_if_parked(*slot);
  perturb_this_thread();
}
}
