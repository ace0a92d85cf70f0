// malloc and its family. Threads under test have a heap of their own (heap.h); libc's own
// allocations, those of a static's initialisation, and all else come from glibc's.
#include <errno.h>
#include <string.h>

#include "stress/explore/destruction.h"
#include "stress/explore/heap.h"
#include "stress/explore/heap_scan.h"
#include "stress/explore/interpose.h"
#include "stress/explore/startup.h"

extern "C" {
// glibc's own, under names that nobody replaces.
void* __libc_malloc(size_t bytes);
void* __libc_calloc(size_t count, size_t bytes);
void* __libc_realloc(void* block, size_t bytes);
void* __libc_memalign(size_t alignment, size_t bytes);
void __libc_free(void* block);
}

namespace weft::explore {
namespace {

void tell_allocation(const void* block, bool cleared, uintptr_t pc) {
  const HeapHeader& header = static_cast<const HeapHeader*>(block)[-1];
  check_allocation(address_of(block), header.bytes, cleared || header.used != 0, pc);
}

bool is_tested(uintptr_t caller) {
  return controlled() && rt.current->static_depth == 0 && !is_in_libc(caller);
}

void free_block(void* block, uintptr_t pc) {
  if (controlled() && heap_is_live(block)) {
    const auto at = address_of(block);
    if (may_hold_objects(at, heap_block_bytes(block))) end_memory(at, heap_block_bytes(block), pc);
    check_free(at, heap_block_bytes(block), pc);
  }
  switch (heap_free(block)) {
    case Freed::kYes:
      return;
    case Freed::kTwice:
      if (!controlled()) raw_die("memory of an execution was freed a second time after it");
      rt.current->pending = operation(Op::kNone, block, pc);
      report_second_free(address_of(block), pc);
    case Freed::kNeverAllocated:
      if (!controlled()) raw_die("memory of an execution was freed that was not allocated");
      rt.current->pending = operation(Op::kNone, block, pc);
      end_execution(Finding::kBadFree, "an address was freed that no allocation returned");
  }
}

void* allocate(size_t bytes, size_t alignment, uintptr_t pc, bool cleared = false) {
  void* block = heap_allocate(bytes, alignment);
  if (block == nullptr) {
    errno = ENOMEM;
  } else {
    tell_allocation(block, cleared, pc);
  }
  return block;
}

// A block of glibc's, that another thread may have had before, unseen.
void* fresh(void* block, size_t bytes) {
  if (block != nullptr && controlled() && rt.races) forget_range(address_of(block), bytes);
  return block;
}

void* aligned(size_t alignment, size_t bytes, uintptr_t caller) {
  if (!is_tested(caller)) return fresh(__libc_memalign(alignment, bytes), bytes);
  return allocate(bytes, alignment, caller);
}

bool is_power_of_two(size_t number) { return number != 0 && (number & (number - 1)) == 0; }

}  // namespace
}  // namespace weft::explore

using namespace weft::explore;

extern "C" {

void* malloc(size_t bytes) {
  if (!is_tested(WEFT_EXPLORE_PC())) return fresh(__libc_malloc(bytes), bytes);
  return allocate(bytes, 16, WEFT_EXPLORE_PC());
}

void free(void* block) {
  if (heap_owns(address_of(block))) [[unlikely]] {
    free_block(block, WEFT_EXPLORE_PC());
  } else {
    __libc_free(block);
  }
}

void* calloc(size_t count, size_t size) {
  if (!is_tested(WEFT_EXPLORE_PC())) return fresh(__libc_calloc(count, size), count * size);
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) return errno = ENOMEM, nullptr;
  void* block = allocate(bytes, 16, WEFT_EXPLORE_PC(), true);
  static Real<void*(void*, int, size_t)> clear{"memset"};
  if (block != nullptr) clear(block, 0, bytes);
  return block;
}

void* realloc(void* block, size_t bytes) {
  const bool ours = heap_owns(address_of(block));
  if (!ours && (block != nullptr || !is_tested(WEFT_EXPLORE_PC()))) {
    return fresh(__libc_realloc(block, bytes), bytes);
  }
  if (block == nullptr) return allocate(bytes, 16, WEFT_EXPLORE_PC());
  if (bytes == 0) {
    free_block(block, WEFT_EXPLORE_PC());
    return nullptr;
  }
  const size_t before = heap_block_bytes(block);
  void* moved = controlled() ? allocate(bytes, 16, WEFT_EXPLORE_PC(), true) : __libc_malloc(bytes);
  if (moved == nullptr) return nullptr;
  static Real<void*(void*, const void*, size_t)> copy{"memcpy"};
  copy(moved, block, before < bytes ? before : bytes);
  free_block(block, WEFT_EXPLORE_PC());
  return moved;
}

void* reallocarray(void* block, size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) return errno = ENOMEM, nullptr;
  return realloc(block, bytes);
}

void* memalign(size_t alignment, size_t bytes) {
  return aligned(alignment, bytes, WEFT_EXPLORE_PC());
}

void* aligned_alloc(size_t alignment, size_t bytes) {
  return aligned(alignment, bytes, WEFT_EXPLORE_PC());
}

int posix_memalign(void** block, size_t alignment, size_t bytes) {
  if (!is_power_of_two(alignment) || alignment % sizeof(void*) != 0) return EINVAL;
  void* made = aligned(alignment, bytes, WEFT_EXPLORE_PC());
  if (made == nullptr) return ENOMEM;
  *block = made;
  return 0;
}

void* valloc(size_t bytes) { return aligned(4096, bytes, WEFT_EXPLORE_PC()); }

void* pvalloc(size_t bytes) {
  return aligned(4096, (bytes + 4095) & ~size_t{4095}, WEFT_EXPLORE_PC());
}

// libstdc++'s own allocations (a string that grows, a locale) are for objects that its code, which
// is not instrumented, writes to. Weak: the tested code may have its own.
__attribute__((weak)) void* weft_operator_new(size_t bytes) __asm__("_Znwm");
__attribute__((weak)) void* weft_operator_new(size_t bytes) {
  static Real<void*(size_t)> real{"_Znwm"};
  if (!controlled() || rt.current->static_depth != 0) return fresh(real(bytes), bytes);
  if (is_in_libstdcxx(WEFT_EXPLORE_PC())) remembered.add_unknown();
  void* block = heap_allocate(bytes, 16);
  if (block == nullptr) return fresh(real(bytes), bytes);
  tell_allocation(block, false, WEFT_EXPLORE_PC());
  return block;
}

size_t malloc_usable_size(void* block) {
  static Real<size_t(void*)> real{"malloc_usable_size"};
  return heap_owns(address_of(block)) ? heap_block_bytes(block) : real(block);
}
}
