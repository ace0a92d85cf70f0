// What was done to each byte of memory, as far as it can still be part of a race.
//
// The algorithm is FastTrack's (Flanagan, Freund, PLDI 2009): of the writes the last one is enough,
// of the reads the last one while they are ordered, else the last one of each thread. Atomic
// accesses, which do not race with each other, are kept for each thread. All of it tells exactly
// whether an access races with one before it.
//
// Memory is described by words of 8 bytes. Bytes of a word that have one history form a group;
// groups are split when an access touches a part of one.
//
// Thread safety: as runtime.h.
// Invariants:     (I1) a word of an older generation is empty, whatever it says: a new execution
//                      begins with an empty shadow.
//                 (I2) the groups of a word have no byte in common. That of `first` may be empty.
//                 (I3) a clock of 0 is that of no access: every thread has seen it.
//                 (I4) a word that is `freed` has one group, of no bytes, which says who freed it.
// Non-invariants: that memory described here is there. It is not read.
#pragma once

#include <stdint.h>

#include "stress/explore/clocks.h"

namespace weft::explore {

// An access of the record (races.h); 0 if it was not recorded.
using AccessNumber = uint32_t;

struct Group {
  // Who has read it: one thread, or kReadByMany, and then read_clock is a Row: its width, so many
  // clocks, so many AccessNumbers.
  static constexpr ThreadId kReadByMany = 0xffff;

  uint32_t write_clock;
  uint32_t read_clock;
  AccessNumber write_number;
  AccessNumber read_number;
  ThreadId write_thread;
  ThreadId read_thread;
  uint8_t mask;  // of its bytes in the word
  bool freed;
  bool allocated;  // the write is the allocation of the memory
};

struct Word {
  uint32_t generation;
  uint32_t more;  // a Node, or 0
  Group first;
};
static_assert(sizeof(Word) == 32, "two words share a cache line, and none lies on two");

// Another group of a word; or an object at its address by which threads synchronise.
struct Node {
  enum class Kind : uint8_t { kGroup, kAtomic, kObject };

  uint32_t next;
  Kind kind;
  uint8_t offset;  // of an object
  Group group;     // of an atomic: its mask
  // Of an atomic and of an object: rows of one width.
  uint32_t width;
  Row rows;
  enum RowOf : uint32_t { kReleased, kWrote, kRead, kWroteNumber, kReadNumber, kRows };

  uint32_t* row(RowOf which) const { return elements_of(rows) + which * width; }
};

// The access that one before it races with, or makes invalid.
struct Conflict {
  ThreadId thread;
  uint32_t clock;
  AccessNumber number;
  bool write;
  bool atomic;
  bool freed;  // it freed the memory
  bool allocated;
};
extern Conflict conflict __attribute__((visibility("hidden")));

extern uint32_t shadow_generation __attribute__((visibility("hidden")));
// What new entries say of themselves.
extern AccessNumber this_access __attribute__((visibility("hidden")));

inline constexpr unsigned kAddressBits = 47;
inline constexpr unsigned kChunkBits = 20;
extern Word** shadow_chunks __attribute__((visibility("hidden")));
Word* new_shadow_chunk(uintptr_t address);

// `address` is below 1 << kAddressBits.
inline Word& word_at(uintptr_t address) {
  Word* chunk = shadow_chunks[address >> kChunkBits];
  if (chunk == nullptr) [[unlikely]]
    chunk = new_shadow_chunk(address);
  return chunk[(address >> 3) & ((1u << (kChunkBits - 3)) - 1)];
}
inline bool can_be_described(uintptr_t address, uintptr_t size) {
  constexpr uintptr_t kEnd = uintptr_t{1} << kAddressBits;
  return address < kEnd && size < kEnd && address + size <= kEnd;
}

// An execution begins.
void begin_shadow();

// When a thread has read a group for the last time; 0: never, or before the last write.
uint32_t last_read(const Group& group, ThreadId thread);

// A plain access of the bytes `mask` of a word. False: it conflicts, and `conflict` says with what.
bool read_slowly(ThreadClock& me, Word& word, uint8_t mask);
bool write_slowly(ThreadClock& me, Word& word, uint8_t mask);

inline bool read_word(ThreadClock& me, Word& word, uint8_t mask) {
  Group& group = word.first;
  if (word.generation == shadow_generation && group.mask == mask && word.more == 0) [[likely]] {
    // A read after a write of the same period races with nothing that the write does not race with.
    if (group.write_thread == me.id && group.write_clock == me.now) return true;
    if (group.read_thread == me.id && group.read_clock == me.now) return true;
    if (me.has_seen(group.write_thread, group.write_clock) &&
        group.read_thread != Group::kReadByMany &&
        me.has_seen(group.read_thread, group.read_clock)) {
      group.read_thread = me.id;
      group.read_clock = me.now;
      group.read_number = this_access;
      return true;
    }
  }
  return read_slowly(me, word, mask);
}

inline bool write_word(ThreadClock& me, Word& word, uint8_t mask) {
  Group& group = word.first;
  if (word.generation == shadow_generation && group.mask == mask && word.more == 0) [[likely]] {
    if (group.write_thread == me.id && group.write_clock == me.now) return true;
    if (me.has_seen(group.write_thread, group.write_clock) &&
        group.read_thread != Group::kReadByMany &&
        me.has_seen(group.read_thread, group.read_clock)) {
      group.write_thread = me.id;
      group.write_clock = me.now;
      group.write_number = this_access;
      group.read_thread = 0;
      group.read_clock = 0;
      group.allocated = false;
      return true;
    }
  }
  return write_slowly(me, word, mask);
}

// An access of the plain sort to [address, address + size).
bool access_range(ThreadClock& me, uintptr_t address, uintptr_t size, bool write);

// An atomic access, within one word; it does not race with others of its sort. Null: it conflicts.
// Else the atomic's node.
Node* access_atomically(ThreadClock& me, uintptr_t address, uint8_t size, bool reads, bool writes);

// The node of an object, or null; or made.
Node* find_object(uintptr_t address);
Node& object_node(uintptr_t address);
// Makes the node's rows wide enough for all threads.
void widen(Node& node);

// Memory is freed: as a write, and every access to it from now on conflicts.
bool free_range(ThreadClock& me, uintptr_t address, uintptr_t size);
// Memory is given out: nothing that was done to it before is of account.
void allocate_range(ThreadClock& me, uintptr_t address, uintptr_t size);
void forget_range(uintptr_t address, uintptr_t size);

}  // namespace weft::explore
