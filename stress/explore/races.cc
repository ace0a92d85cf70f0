#include "stress/explore/races.h"

#include "stress/explore/record.h"
#include "stress/explore/scheduling.h"
#include "stress/explore/sentence.h"
#include "stress/explore/startup.h"

namespace weft::explore {
namespace {

struct Range {
  uintptr_t begin;
  uintptr_t size;
};
Array<Range> allowed;

// Accesses of an execution that is recorded, by AccessNumber.
struct Access {
  uintptr_t address;
  uintptr_t size;
  uintptr_t pc;
  uint32_t stack;
  uint32_t events;
  ThreadId thread;
  AccessKind kind;
};
Array<Access> accesses;

// The calls that a thread was in, innermost first; 0 ends them.
struct Stack {
  uintptr_t frames[Event::kFrames - 1];
};
Array<Stack> stacks;
uint32_t last_stacks[kMaxThreads];  // of each thread, and one more; 0: none yet

// The index of the current thread's stack.
uint32_t stack_now() {
  const Thread& me = *rt.current;
  Stack now;
  unsigned count = 0;
  for (const uintptr_t* frame = rt.frame; frame > me.frames && count < Event::kFrames - 2;) {
    now.frames[count++] = *--frame;
  }
  now.frames[count] = 0;
  if (const uint32_t last = last_stacks[me.id]; last != 0) {
    const Stack& before = stacks[last - 1];
    unsigned same = 0;
    while (same < count && before.frames[same] == now.frames[same]) ++same;
    if (same == count && before.frames[count] == 0) return last - 1;
  }
  stacks.push(now);
  last_stacks[me.id] = stacks.size();
  return stacks.size() - 1;
}

bool is_atomic(AccessKind kind) {
  return kind == AccessKind::kAtomicRead || kind == AccessKind::kAtomicWrite;
}

void put_recorded(FoundAccess& found, const Access& recorded) {
  found.size = recorded.size;
  found.address = recorded.address;
  found.events = recorded.events;
  found.frames[0] = recorded.pc;
  __builtin_memcpy(found.frames + 1, stacks[recorded.stack].frames, sizeof(Stack));
}

// What came before, as the conflict says, and as it was recorded if it was.
void put_first(FoundAccess& first) {
  first.thread = conflict.thread;
  first.size = 0;
  first.address = 0;
  first.events = 0;
  first.frames[0] = 0;
  if (conflict.freed) {
    first.kind = AccessKind::kFree;
  } else if (conflict.allocated) {
    first.kind = AccessKind::kAllocate;
  } else if (conflict.atomic) {
    first.kind = conflict.write ? AccessKind::kAtomicWrite : AccessKind::kAtomicRead;
  } else {
    first.kind = conflict.write ? AccessKind::kWrite : AccessKind::kRead;
  }
  if (conflict.number != 0) put_recorded(first, accesses[conflict.number - 1]);
}

void put_second(FoundAccess& second, uintptr_t address, uintptr_t size, AccessKind kind,
                uintptr_t pc) {
  second = {};
  second.thread = rt.current->id;
  second.kind = kind;
  second.size = size;
  second.events = rt.events.size();
  // Not otherwise: as an address in a static variable it would keep a block of the heap alive.
  if (!rt.recording) return;
  second.address = address;
  record_place(*rt.current, pc);
  __builtin_memcpy(second.frames, rt.current->recorded, sizeof second.frames);
}

// The last step of the record: the access itself.
void record_second(const FoundAccess& second, uintptr_t pc) {
  if (!rt.recording || second.kind == AccessKind::kFree) return;
  Operation last = rt.current->pending;
  if (!is_atomic(second.kind)) {
    last =
        Operation::made(second.kind == AccessKind::kRead ? Op::kRead : Op::kWrite, second.address,
                        pc, static_cast<uint8_t>(second.size <= 16 ? second.size : 0));
  }
  if (last.object == second.address) record(last, {.changed = last.op != Op::kRead});
}

void put_both(uintptr_t address, uintptr_t size, AccessKind kind, uintptr_t pc) {
  const Outside outside;  // copies may be calls of memcpy()
  put_first(rt.outcome.accesses[0]);
  put_second(rt.outcome.accesses[1], address, size, kind, pc);
  record_second(rt.outcome.accesses[1], pc);
}

const char* name_of_access(AccessKind kind) {
  constexpr const char* kNames[] = {"reads",     "writes", "reads atomically", "writes atomically",
                                    "allocates", "frees"};
  return kNames[static_cast<unsigned>(kind)];
}

// Null if it was not recorded.
const Access* last_allocation_of(uintptr_t block) {
  for (uint32_t i = accesses.size(); i > 0; --i) {
    const Access& access = accesses[i - 1];
    if (access.kind == AccessKind::kAllocate && access.address == block) return &access;
  }
  return nullptr;
}

[[noreturn]] void end_with(Finding finding) {
  // Names are the report's to know.
  const FoundAccess& first = rt.outcome.accesses[0];
  const FoundAccess& second = rt.outcome.accesses[1];
  rt.outcome.access_count = 2;
  Sentence sentence;
  sentence.put("thread ");
  sentence.put_number(second.thread);
  sentence.put(" ");
  sentence.put(name_of_access(second.kind));
  sentence.put(finding == Finding::kDataRace ? " what " : " memory that ");
  sentence.put("thread ");
  sentence.put_number(first.thread);
  sentence.put(" ");
  sentence.put(finding == Finding::kDataRace ? name_of_access(first.kind) : "has freed");
  if (finding == Finding::kDataRace) sentence.put(", and nothing orders the two");
  end_execution(finding, sentence.text);
}

}  // namespace

void begin_races() {
  if (rt.races) {
    begin_clocks();
    begin_shadow();
    allowed.clear();
  }
  accesses.clear();
  stacks.clear();
  if (rt.recording) __builtin_memset(last_stacks, 0, sizeof last_stacks);
}

void remember_access(uintptr_t address, uintptr_t size, AccessKind kind, uintptr_t pc) {
  constexpr uint32_t kMost = 8u << 20;
  const Outside outside;  // copies may be calls of memcpy()
  if (accesses.size() == kMost) {
    this_access = 0;
    return;
  }
  accesses.push({address, size, pc, stack_now(), rt.events.size(), rt.current->id, kind});
  this_access = accesses.size();
}

void check_range_now(uintptr_t address, uintptr_t size, AccessKind kind, uintptr_t pc) {
  if (!can_be_described(address, size)) return;
  ThreadClock& me = my_clock();
  if (me.ignored != 0) return;
  if (rt.recording) remember_access(address, size, kind, pc);
  if (access_range(me, address, size, kind != AccessKind::kRead)) return;
  report_conflict(address, size, kind, pc);
}

void check_closely(uintptr_t address, uint8_t size, AccessKind kind, uintptr_t pc) {
  const uintptr_t offset = address & 7;
  ThreadClock* const me = rt.checked;
  if (me == nullptr || offset + size > 8 || address >> kAddressBits != 0)
    return check_range_now(address, size, kind, pc);
  Word& word = word_at(address);
  const uint8_t mask = mask_of(offset, size);
  if (kind == AccessKind::kRead ? read_slowly(*me, word, mask) : write_slowly(*me, word, mask))
    return;
  report_conflict(address, size, kind, pc);
}

void ignore_accesses(bool begin) {
  if (!controlled() || !rt.races) return;
  Thread& me = *rt.current;
  if (begin) {
    ++me.clock->ignored;
  } else if (me.clock->ignored > 0) {
    --me.clock->ignored;
  }
  rt.checked = me.checked = me.clock->ignored == 0 && !rt.recording ? me.clock : nullptr;
}

void allow_races(uintptr_t address, uintptr_t size) {
  if (rt.races) allowed.push({address, size});
}

void report_conflict(uintptr_t address, uintptr_t size, AccessKind kind, uintptr_t pc) {
  for (const Range& range : allowed) {
    if (address < range.begin + range.size && range.begin < address + size) return;
  }
  put_both(address, size, kind, pc);
  end_with(conflict.freed ? Finding::kUseAfterFree : Finding::kDataRace);
}

void check_library_access(const volatile void* memory, uintptr_t size, AccessKind kind,
                          uintptr_t pc) {
  const auto address = reinterpret_cast<uintptr_t>(memory);
  if (is_in_runtime_library(address) || is_in_libc(address)) return;
  check_range(address, size, kind, pc);
}

void check_atomic(Op op, uintptr_t address, uint8_t size, int order, uintptr_t pc) {
  if (!can_be_described(address, size)) return;
  const AccessKind kind = op == Op::kLoad ? AccessKind::kAtomicRead : AccessKind::kAtomicWrite;
  if (rt.recording) [[unlikely]]
    remember_access(address, size, kind, pc);
  if (access_and_order(my_clock(), op, address, size, order)) return;
  report_conflict(address, size, kind, pc);
}

bool has_just_read(uintptr_t address) {
  constexpr uint32_t kMoment = 2;  // periods
  if (!can_be_described(address, 8)) return false;
  const Word& word = word_at(address);
  const ThreadClock& me = my_clock();
  const Group& group = word.groups[0];
  if (word.generation != shadow_generation || group.mask != 0xff) return false;
  return last_read(group, me.id) + kMoment >= me.now;
}

void acquire_now(uintptr_t address) {
  if (can_be_described(address, 1)) acquire_from(my_clock(), address);
}

void release_now(uintptr_t address) {
  if (can_be_described(address, 1)) release_to(my_clock(), address);
}

void acquire_end_now(const Thread& ended) {
  my_clock().join(thread_clocks[ended.id].at, clock_width);
}

namespace {

// A lock's first byte, as an atomic read.
template <class F>
void check_object(uintptr_t address, uintptr_t pc, F use) {
  if (!can_be_described(address, 1)) return;
  if (rt.recording) [[unlikely]]
    remember_access(address, 1, AccessKind::kAtomicRead, pc);
  if (use(my_clock(), address)) return;
  report_conflict(address, 1, AccessKind::kAtomicRead, pc);
}

}  // namespace

void check_use_now(uintptr_t address, uintptr_t pc) {
  check_object(address, pc,
               [](ThreadClock& me, uintptr_t object) { return use_object(me, object) != nullptr; });
}
void check_acquire_now(uintptr_t address, uintptr_t pc) {
  check_object(address, pc, use_and_acquire);
}
void check_release_now(uintptr_t address, uintptr_t pc) {
  check_object(address, pc, use_and_release);
}

void check_allocation_now(uintptr_t block, uintptr_t size, bool written, uintptr_t pc) {
  if (rt.recording) remember_access(block, size, AccessKind::kAllocate, pc);
  if (rt.races && written) allocate_range(my_clock(), block, size);
}

void check_free_now(uintptr_t block, uintptr_t size, uintptr_t pc) {
  if (rt.recording) remember_access(block, size, AccessKind::kFree, pc);
  if (free_range(my_clock(), block, size)) return;
  report_conflict(block, size, AccessKind::kFree, pc);
}

void report_leak(uintptr_t block, uint64_t blocks) {
  rt.outcome.finding = Finding::kLeak;
  copy_text(rt.outcome.text, sizeof rt.outcome.text,
            blocks == 1 ? "a block of the heap is" : "blocks of the heap are",
            " left that nobody has freed and nothing refers to");
  const Access* allocation = rt.recording ? last_allocation_of(block) : nullptr;
  if (allocation == nullptr) return;
  FoundAccess& found = rt.outcome.accesses[0];
  found = {};
  found.thread = rt.outcome.thread = allocation->thread;
  found.kind = AccessKind::kAllocate;
  put_recorded(found, *allocation);
  rt.outcome.access_count = 1;
}

void report_second_free(uintptr_t block, uintptr_t pc) {
  // Without the search for races there is no shadow to look at.
  const Word* word = rt.races && can_be_described(block, 1) ? &word_at(block) : nullptr;
  if (word != nullptr && word->generation == shadow_generation && word->groups[0].freed) {
    conflict = {word->groups[0].write_thread,
                word->groups[0].write_clock,
                word->groups[0].write_number,
                true,
                false,
                true,
                false};
    put_both(block, 0, AccessKind::kFree, pc);
    end_with(Finding::kDoubleFree);
  }
  end_execution(Finding::kDoubleFree, "memory was freed a second time");
}

}  // namespace weft::explore
