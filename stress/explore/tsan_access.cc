// The entry points that compilers emit for plain accesses and for calls (-fsanitize=thread).
//
// Plain accesses are counted; they are scheduling points if Limits::plain_points says so.
#include <stddef.h>

#include "stress/explore/heap_scan.h"
#include "stress/explore/interpose.h"

namespace weft::explore {
namespace {

inline void access(const volatile void* address, uint8_t size, Op op, uintptr_t pc) {
  if (!controlled()) return;
  ++rt.accesses;
  if (op == Op::kWrite && size != 1 && size != 2 && size != 4) remember_store(address_of(address));
  if (!rt.plain_points) [[likely]]
    return;
  Operation plain = operation(op, address, pc);
  plain.size = size;
  point(plain);
  note(plain, 0, op == Op::kWrite);
}

// A long one is one access; where it goes outside, what it leaves there is not searched word by
// word.
inline void write_range(const volatile void* address, size_t size, uintptr_t pc) {
  if (size > 32 && controlled() && outlives_execution(address_of(address))) {
    remembered.add_unknown();
  }
  access(address, 0, Op::kWrite, pc);
}

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

void __tsan_read_range(void* a, size_t size) {
  if (size != 0) access(a, 0, Op::kRead, WEFT_EXPLORE_PC());
}
void __tsan_write_range(void* a, size_t size) {
  if (size != 0) write_range(a, size, WEFT_EXPLORE_PC());
}
void __tsan_read_range_pc(void* a, size_t size, void* pc) {
  if (size != 0) access(a, 0, Op::kRead, address_of(pc));
}
void __tsan_write_range_pc(void* a, size_t size, void* pc) {
  if (size != 0) write_range(a, size, address_of(pc));
}

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
  if (size != 0) {
    access(from, 0, Op::kRead, WEFT_EXPLORE_PC());
    write_range(to, size, WEFT_EXPLORE_PC());
  }
  return __builtin_memcpy(to, from, size);
}
void* __tsan_memmove(void* to, const void* from, size_t size) {
  if (size != 0) {
    access(from, 0, Op::kRead, WEFT_EXPLORE_PC());
    write_range(to, size, WEFT_EXPLORE_PC());
  }
  return __builtin_memmove(to, from, size);
}
void* __tsan_memset(void* to, int value, size_t size) {
  if (size != 0) write_range(to, size, WEFT_EXPLORE_PC());
  return __builtin_memset(to, value, size);
}

// Functions that compilers call around code they do not instrument.
void __tsan_ignore_thread_begin() {}
void __tsan_ignore_thread_end() {}
void __tsan_on_thread_idle() {}
}
