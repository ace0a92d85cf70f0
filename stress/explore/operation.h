// What a thread under test is about to do, as the scheduler and its strategies see it.
//
// Thread safety: values.
#pragma once

#include <stdint.h>

namespace weft::explore {

using ThreadId = uint16_t;
inline constexpr ThreadId kNobody = 0xffff;

enum class Op : uint8_t {
  kNone,
  // Atomic accesses.
  kLoad,
  kStore,
  kExchange,
  kFetchAdd,
  kFetchSub,
  kFetchAnd,
  kFetchOr,
  kFetchXor,
  kFetchNand,
  kCompareExchange,
  kFence,
  // Plain accesses, when they are scheduling points.
  kRead,
  kWrite,
  // Locks. A timed one that gave up is followed by kTimeout.
  kLock,
  kTryLock,
  kUnlock,
  kLockShared,
  kTryLockShared,
  kUnlockShared,
  // Waiting and waking. kWait gives up the mutex in `second`; kRelock gets it back.
  kWait,
  kRelock,
  kNotifyOne,
  kNotifyAll,
  kSemWait,
  kSemTryWait,
  kSemPost,
  kBarrierWait,
  kFutexWait,
  kFutexWake,
  // Once: a call_once, or the guard of a function's static.
  kOnce,
  // Threads and time.
  kStart,
  kJoin,
  kYield,
  kSleep,
  kTimeout,
  kInput,
  kOutput,
  // A question about a thread, whose answer depends on how far that has come.
  kAsk,
  // The end of an object that others may still use.
  kDestroy,
  // A place named by the tested code (annotate.h).
  kPoint,
  // Only in records, no scheduling points: what its hooks tell; a wait that ended for no reason; a
  // property that was found false; memory that was freed wrongly; a call that is not modelled.
  kWaiting,
  kAcquired,
  kReleased,
  kNotified,
  kSpurious,
  kViolation,
  kFree,
  kRefused,
  kCount,
};

// "fetch_add", "lock", ...
const char* name_of(Op op);

struct Operation {
  Op op = Op::kNone;
  uint8_t size = 0;    // of an access, in bytes
  bool timed = false;  // it may give up
  int8_t order = 0;    // of an atomic access: a std::memory_order
  uintptr_t object = 0;
  uintptr_t second = 0;  // the mutex of a kWait
  uintptr_t pc = 0;      // where the tested code asked for it

  // The small fields in one store: they are copied as one word, and a load waits until all of
  // several stores that it spans have left the processor's queue.
  static Operation made(Op op, uintptr_t object, uintptr_t pc, uint8_t size = 0, int8_t order = 0) {
    Operation operation;
    const uint64_t small = uint64_t(op) | uint64_t(size) << 8 | uint64_t(uint8_t(order)) << 24;
    __builtin_memcpy(&operation, &small, sizeof small);
    operation.object = object;
    operation.pc = pc;
    return operation;
  }
};
static_assert(__builtin_offsetof(Operation, op) == 0 && __builtin_offsetof(Operation, size) == 1 &&
                  __builtin_offsetof(Operation, order) == 3 &&
                  __builtin_offsetof(Operation, object) == 8,
              "made() knows where they are");

// Only looks at its object.
constexpr bool only_reads(Op op) {
  return op == Op::kLoad || op == Op::kRead || op == Op::kSemTryWait;
}

// Whether the order of two operations of different threads can matter. What concerns time or
// fairness depends on everything.
constexpr bool depend(const Operation& a, const Operation& b) {
  const auto global = [](Op op) {
    return op == Op::kYield || op == Op::kSleep || op == Op::kTimeout || op == Op::kInput ||
           op == Op::kOutput || op == Op::kAsk || op == Op::kFence;
  };
  if (global(a.op) || global(b.op) || a.timed || b.timed) return true;
  const bool meet = (a.object != 0 && (a.object == b.object || a.object == b.second)) ||
                    (a.second != 0 && (a.second == b.object || a.second == b.second));
  return meet && !(only_reads(a.op) && only_reads(b.op));
}

}  // namespace weft::explore
