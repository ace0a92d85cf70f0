// The entry points for atomic accesses: those that compilers emit, and libatomic's.
//
// Every one passes through Atomic<T>::perform(), which returns the value that the program sees: the
// one place where the memory model lives. Today that is sequential consistency: a load sees the
// latest store in the order of execution, whatever its memory order.
#include "stress/explore/heap_scan.h"
#include "stress/explore/interpose.h"

namespace weft::explore {
namespace {

template <class T>
bool equal(T a, T b) {
  return a == b;
}

template <class T>
uint64_t shown(T value) {
  return static_cast<uint64_t>(value);
}

template <class T>
T changed_by(Op op, T before, T operand) {
  switch (op) {
    case Op::kStore:
    case Op::kExchange:
      return operand;
    case Op::kFetchAdd:
      return static_cast<T>(before + operand);
    case Op::kFetchSub:
      return static_cast<T>(before - operand);
    case Op::kFetchAnd:
      return static_cast<T>(before & operand);
    case Op::kFetchOr:
      return static_cast<T>(before | operand);
    case Op::kFetchXor:
      return static_cast<T>(before ^ operand);
    case Op::kFetchNand:
      return static_cast<T>(~(before & operand));
    default:
      return before;
  }
}

template <class T>
Operation atomic_operation(Op op, const volatile T* address, int order, uintptr_t pc) {
  return Operation::made(op, address_of(address), pc, sizeof(T), static_cast<int8_t>(order));
}

// libstdc++ 12 guards a std::atomic<std::shared_ptr> by the lowest bit of a word, and load() drops
// it by a relaxed subtraction: a later store() is not ordered after the load's reads, as far as the
// standard goes, though on no machine can it come before them. Taken for a release where the word
// before, the pointer that load() returns, was read, and not written, while the bit was set.
template <class T>
int order_of(Op op, T before, T operand, uintptr_t address, int order) {
  if (sizeof(T) != 8 || op != Op::kFetchSub || order != __ATOMIC_RELAXED) return order;
  const bool drops_the_bit = operand == 1 && (before & 1) != 0;
  return drops_the_bit && has_just_read(address - sizeof(T)) ? __ATOMIC_RELEASE : order;
}

// What the program sees of the object; and what it leaves there.
template <class T>
inline T perform(Op op, volatile T* address, T operand, int order, uintptr_t pc) {
  const Operation access = atomic_operation(op, address, order, pc);
  point(access);
  if (rt.races && op == Op::kLoad) check_atomic(op, access.object, sizeof(T), order, pc);
  const T before = *address;
  if (op == Op::kLoad) {
    note(access, shown(before), false);
    return before;
  }
  if (rt.races) {
    check_atomic(op, access.object, sizeof(T), order_of(op, before, operand, access.object, order),
                 pc);
  }
  const T after = changed_by(op, before, operand);
  if (sizeof(T) >= 8) remember_store(address_of(address));
  if (op == Op::kStore && rt.recording) [[unlikely]]
    rt.stored_over = shown(before);
  *address = after;
  note(access, shown(op == Op::kStore ? after : before), !equal(before, after));
  return before;
}

template <class T>
inline bool compare_exchange(volatile T* address, T* expected, T desired, int order, int fail_order,
                             uintptr_t pc, bool weak) {
  const Operation access = atomic_operation(Op::kCompareExchange, address, order, pc);
  point(access);
  const T before = *address;
  if (!equal(before, *expected) || (weak && choose_spurious(Question::kWeakFail))) {
    rt.exchange_failed =
        equal(before, *expected) ? ExchangeFailed::kForNoReason : ExchangeFailed::kValueDiffers;
    if (rt.races) check_atomic(Op::kLoad, access.object, sizeof(T), fail_order, pc);
    note(access, shown(before), false);
    *expected = before;
    return false;
  }
  if (rt.races) check_atomic(Op::kCompareExchange, access.object, sizeof(T), order, pc);
  if (sizeof(T) >= 8) remember_store(address_of(address));
  *address = desired;
  note(access, shown(before), !equal(before, desired));
  return true;
}

// Outside an execution: the processor's own, as strong as can be.
template <class T>
T outside(Op op, volatile T* address, T operand) {
  T before = __atomic_load_n(address, __ATOMIC_SEQ_CST);
  if (op == Op::kLoad) return before;
  while (!__atomic_compare_exchange_n(address, &before, changed_by(op, before, operand), false,
                                      __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
  }
  return before;
}

template <class T>
inline T any(Op op, volatile T* address, T operand, int order, uintptr_t pc) {
  if (!controlled()) return outside(op, address, operand);
  ++rt.accesses;
  return perform(op, address, operand, order, pc);
}

template <class T>
inline bool any_exchange(volatile T* address, T* expected, T desired, int order, int fail_order,
                         uintptr_t pc, bool weak) {
  if (!controlled()) {
    return __atomic_compare_exchange_n(address, expected, desired, weak, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST);
  }
  ++rt.accesses;
  return compare_exchange(address, expected, desired, order, fail_order, pc, weak);
}

using u8 = uint8_t;
using u16 = uint16_t;
using u32 = uint32_t;
using u64 = uint64_t;
using u128 = unsigned __int128;

}  // namespace
}  // namespace weft::explore

using namespace weft::explore;

#define WEFT_PC WEFT_EXPLORE_PC()

#define WEFT_FETCH(bits, T, name, op)                             \
  T __tsan_atomic##bits##_##name(volatile T* a, T v, int order) { \
    return any<T>(Op::op, a, v, order, WEFT_PC);                  \
  }

#define WEFT_ATOMIC(bits, T)                                                                       \
  T __tsan_atomic##bits##_load(const volatile T* a, int order) {                                   \
    return any<T>(Op::kLoad, const_cast<volatile T*>(a), T{}, order, WEFT_PC);                     \
  }                                                                                                \
  void __tsan_atomic##bits##_store(volatile T* a, T v, int order) {                                \
    any<T>(Op::kStore, a, v, order, WEFT_PC);                                                      \
  }                                                                                                \
  WEFT_FETCH(bits, T, exchange, kExchange)                                                         \
  WEFT_FETCH(bits, T, fetch_add, kFetchAdd)                                                        \
  WEFT_FETCH(bits, T, fetch_sub, kFetchSub)                                                        \
  WEFT_FETCH(bits, T, fetch_and, kFetchAnd)                                                        \
  WEFT_FETCH(bits, T, fetch_or, kFetchOr)                                                          \
  WEFT_FETCH(bits, T, fetch_xor, kFetchXor)                                                        \
  WEFT_FETCH(bits, T, fetch_nand, kFetchNand)                                                      \
  int __tsan_atomic##bits##_compare_exchange_strong(volatile T* a, T* e, T v, int order,           \
                                                    int fail) {                                    \
    return any_exchange<T>(a, e, v, order, fail, WEFT_PC, false);                                  \
  }                                                                                                \
  int __tsan_atomic##bits##_compare_exchange_weak(volatile T* a, T* e, T v, int order, int fail) { \
    return any_exchange<T>(a, e, v, order, fail, WEFT_PC, true);                                   \
  }                                                                                                \
  T __tsan_atomic##bits##_compare_exchange_val(volatile T* a, T e, T v, int order, int fail) {     \
    any_exchange<T>(a, &e, v, order, fail, WEFT_PC, false);                                        \
    return e;                                                                                      \
  }

#define WEFT_LIBATOMIC(bytes, T)                                                                   \
  T weft_atomic_load_##bytes(const volatile void* a, int order) __asm__("__atomic_load_" #bytes);  \
  T weft_atomic_load_##bytes(const volatile void* a, int order) {                                  \
    return any<T>(Op::kLoad, static_cast<volatile T*>(const_cast<volatile void*>(a)), T{}, order,  \
                  WEFT_PC);                                                                        \
  }                                                                                                \
  void weft_atomic_store_##bytes(volatile void* a, T v,                                            \
                                 int order) __asm__("__atomic_store_" #bytes);                     \
  void weft_atomic_store_##bytes(volatile void* a, T v, int order) {                               \
    any<T>(Op::kStore, static_cast<volatile T*>(a), v, order, WEFT_PC);                            \
  }                                                                                                \
  T weft_atomic_exchange_##bytes(volatile void* a, T v,                                            \
                                 int order) __asm__("__atomic_exchange_" #bytes);                  \
  T weft_atomic_exchange_##bytes(volatile void* a, T v, int order) {                               \
    return any<T>(Op::kExchange, static_cast<volatile T*>(a), v, order, WEFT_PC);                  \
  }                                                                                                \
  bool weft_atomic_compare_exchange_##bytes(                                                       \
      volatile void* a, void* e, T v, int order,                                                   \
      int fail) __asm__("__atomic_compare_exchange_" #bytes);                                      \
  bool weft_atomic_compare_exchange_##bytes(volatile void* a, void* e, T v, int order, int fail) { \
    return any_exchange<T>(static_cast<volatile T*>(a), static_cast<T*>(e), v, order, fail,        \
                           WEFT_PC, false);                                                        \
  }

extern "C" {

WEFT_ATOMIC(8, u8)
WEFT_ATOMIC(16, u16)
WEFT_ATOMIC(32, u32)
WEFT_ATOMIC(64, u64)
WEFT_ATOMIC(128, u128)

WEFT_LIBATOMIC(1, u8)
WEFT_LIBATOMIC(2, u16)
WEFT_LIBATOMIC(4, u32)
WEFT_LIBATOMIC(8, u64)
WEFT_LIBATOMIC(16, u128)

bool weft_atomic_is_lock_free(size_t bytes, const volatile void*) __asm__("__atomic_is_lock_free");
bool weft_atomic_is_lock_free(size_t bytes, const volatile void*) { return bytes <= 16; }

void __tsan_atomic_thread_fence(int order) {
  if (!controlled()) return __atomic_thread_fence(__ATOMIC_SEQ_CST);
  Operation fence = operation(Op::kFence, nullptr, WEFT_PC);
  fence.order = static_cast<int8_t>(order);
  point(fence);
  if (rt.races) order_by_fence(my_clock(), order);
  note(fence, 0, false);
}

void __tsan_atomic_signal_fence(int) {}
}
