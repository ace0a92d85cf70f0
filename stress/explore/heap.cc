#include "stress/explore/heap.h"

#include "stress/explore/heap_scan.h"
#include "stress/explore/runtime.h"

namespace weft::explore {
namespace {

// Sizes up to 1 KiB in steps of 16 bytes, then powers of two.
constexpr unsigned kSmallClasses = 64;
constexpr unsigned kClasses = kSmallClasses + 20;

struct Region {
  uintptr_t floor;  // what lies below outlives executions
  uintptr_t top;    // where the next block's header goes
  HeapHeader* freed[kClasses];
};

Region regions[kMaxThreads];
unsigned used_regions = 0;  // in this execution
uint64_t live = 0;

unsigned class_of(size_t bytes) {
  if (bytes <= kSmallClasses * 16) return static_cast<unsigned>((bytes + 15) / 16);
  const auto bits = static_cast<unsigned>(64 - __builtin_clzll(bytes - 1));
  return kSmallClasses + bits - 10;
}

size_t bytes_of(unsigned size_class) {
  if (size_class <= kSmallClasses) return size_class * 16;
  return size_t{1} << (size_class - kSmallClasses + 10);
}

void open_region(unsigned id) {
  Region& region = regions[id];
  const uintptr_t begin = kHeap + id * kHeapRegion;
  if (map_memory(begin, kHeapRegion) != begin)
    raw_die("no memory for a heap of threads under test");
  region.floor = region.top = begin;
}

// The list's link lies in the freed block itself.
HeapHeader*& next_of(HeapHeader* header) { return *reinterpret_cast<HeapHeader**>(header + 1); }

void* carve(Region& region, unsigned size_class, size_t alignment) {
  const uintptr_t block = (region.top + sizeof(HeapHeader) + alignment - 1) & ~(alignment - 1);
  const size_t bytes = bytes_of(size_class);
  const uintptr_t begin = kHeap + static_cast<uintptr_t>(&region - regions) * kHeapRegion;
  if (bytes > kHeapRegion || block + bytes > begin + kHeapRegion) return nullptr;
  // The gap that an alignment leaves becomes a freed block that nobody lists (I1).
  if (const uintptr_t gap = block - sizeof(HeapHeader) - region.top; gap != 0) {
    auto* filler = reinterpret_cast<HeapHeader*>(region.top);
    *filler = {HeapHeader::kFree, 0, static_cast<uint32_t>(gap - sizeof(HeapHeader)), 0, 0};
  }
  region.top = block + bytes;
  auto* header = reinterpret_cast<HeapHeader*>(block) - 1;
  *header = {HeapHeader::kLive, size_class, static_cast<uint32_t>(bytes), 0, 0};
  return header + 1;
}

// Where the next execution's blocks begin. The low bits of their addresses are the same whatever
// survived: libstdc++ finds the waiters of an atomic object by those, as do hash tables of a power
// of two. What is skipped becomes a freed block that nobody lists (I1).
uintptr_t filled_up(uintptr_t floor) {
  constexpr uintptr_t kLowBits = 64;
  const uintptr_t next = (floor + kLowBits - 1) & ~(kLowBits - 1);
  if (next != floor) {
    *reinterpret_cast<HeapHeader*>(floor) = {
        HeapHeader::kFree, 0, static_cast<uint32_t>(next - floor - sizeof(HeapHeader)), 0, 0};
  }
  return next;
}

}  // namespace

bool any_survivors = false;

void heap_open(unsigned threads) {
  for (unsigned id = 0; id < threads; ++id) {
    if (regions[id].floor == 0) open_region(id);
  }
}

void* heap_allocate(size_t bytes, size_t alignment) {
  if (bytes > kHeapRegion / 2) return nullptr;
  const unsigned id = rt.current->id;
  Region& region = regions[id];
  if (region.floor == 0) [[unlikely]]
    open_region(id);
  const unsigned size_class = class_of(bytes == 0 ? 1 : bytes);
  void* block;
  HeapHeader* reused = alignment <= 16 ? region.freed[size_class] : nullptr;
  if (reused != nullptr) {
    region.freed[size_class] = next_of(reused);
    reused->state = HeapHeader::kLive;
    reused->used = 1;
    block = reused + 1;
  } else {
    block = carve(region, size_class, alignment < 16 ? 16 : alignment);
  }
  if (block != nullptr) ++live;
  return block;
}

Freed heap_free(void* block) {
  auto* header = static_cast<HeapHeader*>(block) - 1;
  if (header->state == HeapHeader::kFree) return Freed::kTwice;
  if (header->state != HeapHeader::kLive) return Freed::kNeverAllocated;
  header->state = HeapHeader::kFree;
  // A block that outlived its execution: the memory is not used again.
  if (!is_of_this_execution(header)) return Freed::kYes;
  --live;
  if (!controlled()) return Freed::kYes;
  Region& region = regions[rt.current->id];
  if (region.floor == 0) [[unlikely]]
    open_region(rt.current->id);
  next_of(header) = region.freed[header->size_class];
  region.freed[header->size_class] = header;
  return Freed::kYes;
}

bool is_of_this_execution(const HeapHeader* header) {
  const auto at = reinterpret_cast<uintptr_t>(header);
  return at >= regions[(at - kHeap) / kHeapRegion].floor;
}

bool heap_is_live(const void* block) {
  return (static_cast<const HeapHeader*>(block) - 1)->state == HeapHeader::kLive;
}

size_t heap_block_bytes(const void* block) {
  return (static_cast<const HeapHeader*>(block) - 1)->bytes;
}

uint64_t heap_live_blocks() { return live; }

HeapRange heap_survivors_of(unsigned thread) {
  const uintptr_t floor = regions[thread].floor;
  return {floor == 0 ? 0 : kHeap + thread * kHeapRegion, floor};
}

bool is_of_survivor(uintptr_t address) {
  return heap_owns(address) && address < regions[(address - kHeap) / kHeapRegion].floor;
}

HeapRange heap_range_of(unsigned thread) { return {regions[thread].floor, regions[thread].top}; }

HeapRange heap_account() {
  return {reinterpret_cast<uintptr_t>(regions), reinterpret_cast<uintptr_t>(regions + kMaxThreads)};
}

void heap_begin_execution() {
  for (unsigned id = 0; id < used_regions; ++id) {
    Region& region = regions[id];
    region.top = region.floor;
    __builtin_memset(region.freed, 0, sizeof region.freed);
  }
  used_regions = 0;
  live = 0;
  remembered.forget_all();
}

Leaked heap_end_execution(bool judged) {
  used_regions = rt.thread_count;
  Leaked leaked;
  if (live == 0 || is_whole_program()) return leaked;
  // Where nothing was stored outside, nothing survives.
  if (judged || remembered.any()) mark_survivors(rt.thread_count);
  if (judged) leaked.first = first_lost();
  for (unsigned id = 0; id < rt.thread_count; ++id) {
    uintptr_t end_of_survivors = regions[id].floor;
    for_each_block(regions[id].floor, regions[id].top, [&](HeapHeader* header) {
      if (header->state != HeapHeader::kLive) return;
      if (header->marked != HeapHeader::kSurvives) {
        header->state = HeapHeader::kFree;
        ++leaked.blocks;
        return;
      }
      header->marked = 0;
      end_of_survivors = reinterpret_cast<uintptr_t>(header + 1) + header->bytes;
      any_survivors = true;
    });
    regions[id].floor = filled_up(end_of_survivors);
  }
  return leaked;
}

}  // namespace weft::explore
