#include "stress/explore/record.h"

#include <unwind.h>

#include "stress/explore/objects.h"
#include "stress/explore/real.h"

namespace weft::explore {
namespace {

constexpr uint64_t kFutexWokeForNoReason = 2;  // as interpose_futex.cc tells it

struct Walk {
  uintptr_t* frames;
  uintptr_t begin;  // the return address of the innermost frame wanted
  unsigned count;
};

_Unwind_Reason_Code at_frame(_Unwind_Context* context, void* argument) {
  auto& walk = *static_cast<Walk*>(argument);
  const uintptr_t address = _Unwind_GetIP(context);
  if (walk.count == 0 && address != walk.begin) return _URC_NO_REASON;
  if (walk.count == Event::kFrames - 1 || address == 0) return _URC_END_OF_STACK;
  walk.frames[walk.count++] = address;
  return _URC_NO_REASON;
}

Real<_Unwind_Reason_Code(_Unwind_Trace_Fn, void*)> real_backtrace{"_Unwind_Backtrace"};

// Of what lies there now. Only for accesses, whose memory is there.
uint64_t value_in_memory(const Operation& access) {
  const auto* memory = reinterpret_cast<const void*>(access.object);
  uint64_t value = 0;
  if (access.object != 0 && access.size <= 8) __builtin_memcpy(&value, memory, access.size);
  return value;
}

uint32_t annotated_number(uintptr_t address) {
  const Object* known = known_object(address, Kind::kAnnotated);
  return known == nullptr ? 0 : static_cast<uint32_t>(known - &object_at(0)) + 1;
}

// stable_address() numbers some objects as they are met. The record must not, lest the recorded
// execution differ from the one that it repeats.
uint64_t name_without_a_trace(uintptr_t address) {
  const bool was_met = known_object(address, Kind::kNumber) != nullptr;
  return was_met || !is_named_by_number(address) ? stable_address(address) : 0;
}

}  // namespace

// The calls that the compiler announces lack those from libstdc++.so; the unwinder sees all.
void record_place(Thread& thread, uintptr_t pc) {
  Walk walk{thread.recorded, pc, 0};
  {
    const Outside outside;
    real_backtrace(at_frame, &walk);
  }
  if (walk.count == 0) {
    walk.frames[walk.count++] = pc;
    for (const uintptr_t* frame = rt.frame;
         frame > thread.frames && walk.count < Event::kFrames - 1;) {
      walk.frames[walk.count++] = *--frame;
    }
  }
  walk.frames[walk.count] = 0;
}

void use_unwinder() {
  uintptr_t frames[Event::kFrames];
  Walk walk{frames, 0, 0};
  real_backtrace(at_frame, &walk);
}

ThreadId other_thread_of(const Operation& pending, uintptr_t waits_at) {
  if (pending.op != Op::kJoin) return holder_of(waits_at);
  const auto* joined = reinterpret_cast<const Thread*>(pending.object);
  return joined == nullptr ? kNobody : joined->id;
}

void record(const Operation& operation, const Told& told) {
  const Outside outside;  // copies may be calls of memcpy()
  Thread& me = *rt.current;
  if (me.recorded[0] != operation.pc) record_place(me, operation.pc);
  Event event;
  event.operation = operation;
  event.thread = me.id;
  event.changed = told.changed;
  event.blocked = told.blocked;
  event.other = told.other;
  event.failed = rt.exchange_failed != ExchangeFailed::kNo;
  event.spurious = rt.exchange_failed == ExchangeFailed::kForNoReason ||
                   operation.op == Op::kSpurious ||
                   (operation.op == Op::kFutexWait && told.value == kFutexWokeForNoReason);
  if (!rt.events.empty()) {
    const ThreadId before = rt.events.back().thread;
    event.preempted = before != me.id && rt.threads[before]->could_go_on;
  }
  const uintptr_t waits_at = told.blocked && me.waits_for != 0 ? me.waits_for : operation.object;
  if (told.blocked) event.other = other_thread_of(operation, waits_at);
  event.annotated = annotated_number(waits_at);
  event.value = told.value;
  event.left = value_in_memory(operation);
  if (operation.op == Op::kStore) event.before = rt.stored_over;
  const bool is_about_thread = operation.op == Op::kJoin || operation.op == Op::kAsk;
  if (operation.op == Op::kAsk && operation.object != 0) {
    event.other = reinterpret_cast<const Thread*>(operation.object)->id;
  }
  event.object = is_about_thread ? 0 : name_without_a_trace(operation.object);
  __builtin_memcpy(event.frames, me.recorded, sizeof event.frames);
  rt.events.push(event);
}

void record_violation() {
  if (!controlled() || !rt.recording) return;
  Operation violation;
  violation.op = Op::kViolation;
  violation.pc = WEFT_EXPLORE_PC();
  record(violation, {});
}

void record_refused(uintptr_t pc) {
  Operation call;
  call.op = Op::kRefused;
  call.pc = pc;
  record_place(*rt.current, pc);  // another call may have the same one
  record(call, {});
}

void record_last_operation(bool blocked) {
  const Operation& last = rt.current->pending;
  if (last.op == Op::kNone) return;
  // No block() has seen where it is; and two calls of one function have one pc.
  record_place(*rt.current, last.pc);
  if (!blocked) {
    // Of a misuse: it may be the same at the same place as the last, which was none.
    record(last, {.other = other_thread_of(last, last.object)});
    return;
  }
  if (!rt.events.empty()) {
    const Event& before = rt.events.back();
    if (before.thread == rt.current->id && before.operation.op == last.op &&
        before.operation.pc == last.pc && before.operation.object == last.object) {
      return;
    }
  }
  record(last, {.blocked = blocked});
}

}  // namespace weft::explore
