#include "stress/explore/end_checks.h"

#include "stress/explore/held_locks.h"
#include "stress/explore/objects.h"
#include "stress/explore/process_end.h"
#include "stress/explore/scheduling.h"

namespace weft::explore {
namespace {

void found(const char* text, const char* more = "") {
  rt.outcome.finding = Finding::kMisuse;
  copy_text(rt.outcome.text, sizeof rt.outcome.text, text, more);
}

bool is_on_ended_stack(uintptr_t address) {
  return address - kStacks < kMaxThreads * stack_stride || address - kRootStack < kRootStackBytes;
}

// Null if the holder does not hold such a lock.
const LockOrder::Hold* lock_on_ended_stack(const LockHolder& holder) {
  for (uint32_t at = holder.held; at != 0; at = lock_order.hold(at).below) {
    const LockOrder::Hold& hold = lock_order.hold(at);
    // A class of locks says itself whether one may end while it is held.
    constexpr unsigned kMayEnd = LockOrder::kPermit | LockOrder::kTold;
    if ((hold.how & kMayEnd) == 0 && is_on_ended_stack(address_of_lock(hold.lock))) return &hold;
  }
  return nullptr;
}

bool held_lock_ended() {
  for (unsigned id = 0; id < rt.thread_count; ++id) {
    if (rt.threads[id]->locks.held == 0) continue;
    const LockOrder::Hold* hold = lock_on_ended_stack(rt.threads[id]->locks);
    if (hold == nullptr) continue;
    found("a lock was still held when the stack that it lies on ended");
    add_fact("held", hold->thread, hold->event);
    return true;
  }
  return false;
}

bool thread_was_left() {
  for (unsigned id = 1; id < rt.thread_count; ++id) {
    const Thread& thread = *rt.threads[id];
    if (thread.joined || thread.detached) continue;
    found("a thread was neither joined nor detached");
    add_fact("unjoined", thread.id, thread.started_at);
    return true;
  }
  return false;
}

}  // namespace

void add_fact(const char* what, ThreadId thread, unsigned event) {
  Fact fact;
  fact.what = what;
  fact.thread = thread;
  if (rt.recording) fact.event = event;
  rt.facts.push(fact);
}

void look_at_end(const Limits& limits) {
  if (rt.outcome.of_no_interest) return;
  // A program may end while its threads are at work.
  if (!is_whole_program() && (held_lock_ended() || thread_was_left())) return;
  if (!limits.lock_order || !lock_order.find()) return;
  rt.outcome.inverted = true;
  for (const LockOrder::Edge& edge : lock_order.edges()) {
    add_fact("held", edge.thread, lock_order.hold(edge.held).event);
    add_fact("taken", edge.thread, lock_order.hold(edge.taken).event);
  }
}

}  // namespace weft::explore
