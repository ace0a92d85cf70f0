// The entry points that compilers emit for plain accesses and for calls (-fsanitize=thread).
//
// Plain accesses are counted, and looked at for data races (races.h); they are scheduling points if
// Limits::plain_points says so.
#include <stddef.h>

#include "stress/explore/heap_scan.h"
#include "stress/explore/interpose.h"

namespace weft::explore {
namespace {

AccessKind kind_of(Op op) { return op == Op::kRead ? AccessKind::kRead : AccessKind::kWrite; }

// Out of line, so that the usual access saves no registers.
[[gnu::noinline]] void access_at_point(const volatile void* address, uint8_t size, Op op,
                                       uintptr_t pc) {
  Operation plain = operation(op, address, pc);
  plain.size = size;
  point(plain);
  note(plain, 0, op == Op::kWrite);
}

[[gnu::noinline]] void access_slowly(const volatile void* address, uint8_t size, Op op,
                                     uintptr_t pc) {
  check_closely(address_of(address), size, kind_of(op), pc);
  if (rt.plain_points) [[unlikely]]
    access_at_point(address, size, op, pc);
}

[[gnu::always_inline]] inline void access(const volatile void* address, uint8_t size, Op op,
                                          uintptr_t pc) {
  if (!controlled()) return;
  ++rt.accesses;
  if (op == Op::kWrite && size != 1 && size != 2 && size != 4) remember_store(address_of(address));
  if (size != 0 && rt.races && !is_checked_quickly(address_of(address), size, kind_of(op)))
    return access_slowly(address, size, op, pc);
  if (rt.plain_points) [[unlikely]]
    access_at_point(address, size, op, pc);
}

// A long one is one access; where it goes outside, what it leaves there is not searched word by
// word.
inline void write_range(const volatile void* address, size_t size, uintptr_t pc) {
  if (size == 0 || !controlled()) return;
  if (size > 32 && outlives_execution(address_of(address))) remembered.add_unknown();
  access(address, 0, Op::kWrite, pc);
  check_range(address_of(address), size, AccessKind::kWrite, pc);
}
inline void read_range(const volatile void* address, size_t size, uintptr_t pc) {
  if (size == 0 || !controlled()) return;
  access(address, 0, Op::kRead, pc);
  check_range(address_of(address), size, AccessKind::kRead, pc);
}

// libc's own: the runtime's would look at the same ranges again.
Real<void*(void*, const void*, size_t)> real_copy{"memcpy"};
Real<void*(void*, const void*, size_t)> real_move{"memmove"};
Real<void*(void*, int, size_t)> real_set{"memset"};

}  // namespace
}  // namespace weft::explore

using namespace weft::explore;

#define WEFT_ACCESS(size)                                                                        \
  void __tsan_read##size(void* a) { access(a, size, Op::kRead, WEFT_EXPLORE_PC()); }             \
  void __tsan_write##size(void* a) { access(a, size, Op::kWrite, WEFT_EXPLORE_PC()); }           \
  void __tsan_unaligned_read##size(void* a) { access(a, size, Op::kRead, WEFT_EXPLORE_PC()); }   \
  void __tsan_unaligned_write##size(void* a) { access(a, size, Op::kWrite, WEFT_EXPLORE_PC()); } \
  void __tsan_volatile_read##size(void* a) { access(a, size, Op::kRead, WEFT_EXPLORE_PC()); }    \
  void __tsan_volatile_write##size(void* a) { access(a, size, Op::kWrite, WEFT_EXPLORE_PC()); }  \
  void __tsan_unaligned_volatile_read##size(void* a) {                                           \
    access(a, size, Op::kRead, WEFT_EXPLORE_PC());                                               \
  }                                                                                              \
  void __tsan_unaligned_volatile_write##size(void* a) {                                          \
    access(a, size, Op::kWrite, WEFT_EXPLORE_PC());                                              \
  }                                                                                              \
  void __tsan_read_write##size(void* a) { access(a, size, Op::kWrite, WEFT_EXPLORE_PC()); }      \
  void __tsan_unaligned_read_write##size(void* a) {                                              \
    access(a, size, Op::kWrite, WEFT_EXPLORE_PC());                                              \
  }

extern "C" {

void __tsan_init() {}

WEFT_ACCESS(1)
WEFT_ACCESS(2)
WEFT_ACCESS(4)
WEFT_ACCESS(8)
WEFT_ACCESS(16)

void __tsan_read1_pc(void* a, void* pc) { access(a, 1, Op::kRead, address_of(pc)); }
void __tsan_read2_pc(void* a, void* pc) { access(a, 2, Op::kRead, address_of(pc)); }
void __tsan_read4_pc(void* a, void* pc) { access(a, 4, Op::kRead, address_of(pc)); }
void __tsan_read8_pc(void* a, void* pc) { access(a, 8, Op::kRead, address_of(pc)); }
void __tsan_read16_pc(void* a, void* pc) { access(a, 16, Op::kRead, address_of(pc)); }
void __tsan_write1_pc(void* a, void* pc) { access(a, 1, Op::kWrite, address_of(pc)); }
void __tsan_write2_pc(void* a, void* pc) { access(a, 2, Op::kWrite, address_of(pc)); }
void __tsan_write4_pc(void* a, void* pc) { access(a, 4, Op::kWrite, address_of(pc)); }
void __tsan_write8_pc(void* a, void* pc) { access(a, 8, Op::kWrite, address_of(pc)); }
void __tsan_write16_pc(void* a, void* pc) { access(a, 16, Op::kWrite, address_of(pc)); }

void __tsan_read_range(void* a, size_t size) { read_range(a, size, WEFT_EXPLORE_PC()); }
void __tsan_write_range(void* a, size_t size) { write_range(a, size, WEFT_EXPLORE_PC()); }
void __tsan_read_range_pc(void* a, size_t size, void* pc) { read_range(a, size, address_of(pc)); }
void __tsan_write_range_pc(void* a, size_t size, void* pc) { write_range(a, size, address_of(pc)); }

void __tsan_vptr_update(void** vptr, void* value) {
  if (*vptr != value) access(vptr, 8, Op::kWrite, WEFT_EXPLORE_PC());
}
void __tsan_vptr_read(void** vptr) { access(vptr, 8, Op::kRead, WEFT_EXPLORE_PC()); }

void __tsan_func_entry(void* caller) {
  if (controlled() && rt.frame < rt.frames_end) *rt.frame++ = address_of(caller);
}
void __tsan_func_exit() {
  if (controlled() && rt.frame > rt.current->frames) --rt.frame;
}

void* __tsan_memcpy(void* to, const void* from, size_t size) {
  read_range(from, size, WEFT_EXPLORE_PC());
  write_range(to, size, WEFT_EXPLORE_PC());
  return real_copy(to, from, size);
}
void* __tsan_memmove(void* to, const void* from, size_t size) {
  read_range(from, size, WEFT_EXPLORE_PC());
  write_range(to, size, WEFT_EXPLORE_PC());
  return real_move(to, from, size);
}
void* __tsan_memset(void* to, int value, size_t size) {
  write_range(to, size, WEFT_EXPLORE_PC());
  return real_set(to, value, size);
}

// Functions that compilers call around code they do not instrument.
void __tsan_ignore_thread_begin() { ignore_accesses(true); }
void __tsan_ignore_thread_end() { ignore_accesses(false); }
void __tsan_on_thread_idle() {}
}
