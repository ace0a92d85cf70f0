#include "stress/explore/heap_scan.h"

#include <link.h>
#include <stddef.h>

#include "stress/explore/array.h"
#include "stress/explore/heap.h"
#include "stress/explore/raw.h"
#include "stress/explore/runtime.h"
#include "stress/explore/thread_storage.h"

extern "C" void* __libc_stack_end;  // set by the dynamic linker

namespace weft::explore {

Remembered remembered;

namespace {

Array<HeapHeader*> blocks;   // all live ones of this execution, by address
Array<HeapHeader*> pending;  // marked, their content not yet looked at

HeapHeader* block_around(uintptr_t address) {
  uint32_t low = 0;
  uint32_t high = blocks.size();
  while (low < high) {
    const uint32_t middle = (low + high) / 2;
    if (reinterpret_cast<uintptr_t>(blocks[middle]) <= address) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return nullptr;
  HeapHeader* header = blocks[low - 1];
  const auto begin = reinterpret_cast<uintptr_t>(header + 1);
  // An address just past the end is one of the block, too: that of an end iterator.
  return address >= begin && address <= begin + header->bytes ? header : nullptr;
}

// Marks the blocks that the words of this memory refer to.
void scan(uintptr_t begin, uintptr_t end, uint16_t mark = HeapHeader::kSurvives) {
  begin = (begin + 7) & ~uintptr_t{7};
  for (; begin + 8 <= end; begin += 8) {
    const uintptr_t value = *reinterpret_cast<const uintptr_t*>(begin);
    if (!heap_owns(value)) continue;
    HeapHeader* header = block_around(value);
    if (header == nullptr || header->marked != 0) continue;
    header->marked = mark;
    pending.push(header);
  }
}

int scan_module(dl_phdr_info* info, size_t, void*) {
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) == 0) continue;
    // What was made read-only after relocation is among it, and refers to no block.
    uintptr_t begin = info->dlpi_addr + segment.p_vaddr;
    const uintptr_t end = begin + segment.p_memsz;
    const HeapRange account = heap_account();
    if (begin <= account.floor && account.top <= end) {
      scan(begin, account.floor);
      begin = account.top;
    }
    scan(begin, end);
  }
  return 0;
}

// The main heap of glibc, where the caller's objects are; those of other threads are not searched.
void scan_process_heap() {
  static uintptr_t begin = 0;
  const auto end = static_cast<uintptr_t>(raw_syscall(SYS_brk, 0));
  if (begin == 0) {
    // The heap grows upwards from where the kernel put it: field 47 of /proc/self/stat.
    char text[1024];
    const long file = raw_syscall(SYS_open, long("/proc/self/stat"), 0);
    const long size = raw_syscall(SYS_read, file, long(text), sizeof text - 1);
    raw_syscall(SYS_close, file);
    if (size <= 0) return;
    text[size] = '\0';
    const char* at = text;
    for (const char* c = text; *c != '\0'; ++c) {
      if (*c == ')') at = c + 2;  // behind the program's name, which may hold anything
    }
    for (int field = 3; field < 47 && *at != '\0'; ++at) field += *at == ' ' ? 1 : 0;
    for (; *at >= '0' && *at <= '9'; ++at) begin = begin * 10 + static_cast<uintptr_t>(*at - '0');
  }
  if (begin != 0 && begin < end) scan(begin, end);
}

// The root's thread_locals. (What another thread has of them ends with it.)
void scan_thread_storage() {
  const uintptr_t tcb = rt.threads[0]->context.tcb;
  scan(tcb - thread_storage_bytes(), tcb);
}

// What outlived earlier executions may refer to what this one made.
void scan_survivors() {
  for (unsigned id = 0; any_survivors && id < kMaxThreads; ++id) {
    const HeapRange range = heap_survivors_of(id);
    for_each_block(range.floor, range.top, [](HeapHeader* header) {
      const auto begin = reinterpret_cast<uintptr_t>(header + 1);
      if (header->state == HeapHeader::kLive) scan(begin, begin + header->bytes);
    });
  }
}

uintptr_t end_of_stack(uintptr_t inside) {
  // Anything far above the frames that can matter: the search ends at the program's arguments.
  const auto end = reinterpret_cast<uintptr_t>(__libc_stack_end);
  return end > inside && end - inside < (64 << 20) ? end : inside;
}

void collect_blocks(unsigned threads) {
  blocks.clear();
  for (unsigned id = 0; id < threads; ++id) {
    const HeapRange range = heap_range_of(id);
    for_each_block(range.floor, range.top, [](HeapHeader* header) {
      if (header->state == HeapHeader::kLive) blocks.push(header);
    });
  }
}

void scan_what_outlives() {
  if (!remembered.overflowed()) {
    for (uintptr_t address : remembered) scan(address, address + 32);
    return;
  }
  dl_iterate_phdr(scan_module, nullptr);
  scan(rt.root_stack, end_of_stack(rt.root_stack));
  scan_thread_storage();
  scan_process_heap();
  scan_survivors();
}

void scan_block(const HeapHeader* header, uint16_t mark) {
  const auto begin = reinterpret_cast<uintptr_t>(header + 1);
  scan(begin, begin + header->bytes, mark);
}

}  // namespace

void mark_survivors(unsigned threads) {
  pending.clear();
  collect_blocks(threads);
  scan_what_outlives();
  while (!pending.empty()) {
    const HeapHeader* header = pending.back();
    pending.pop();
    scan_block(header, HeapHeader::kSurvives);
  }
}

uintptr_t first_lost() {
  const HeapHeader* any = nullptr;
  for (HeapHeader* header : blocks) {
    if (header->marked == HeapHeader::kSurvives) continue;
    if (any == nullptr) any = header;
    const uint16_t before = header->marked;
    header->marked = HeapHeader::kReferredToByLost;  // not by itself
    scan_block(header, HeapHeader::kReferredToByLost);
    header->marked = before;
  }
  for (const HeapHeader* header : blocks) {
    if (header->marked == 0) return reinterpret_cast<uintptr_t>(header + 1);
  }
  return any == nullptr ? 0 : reinterpret_cast<uintptr_t>(any + 1);
}

}  // namespace weft::explore
