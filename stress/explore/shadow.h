// What was done to each byte of memory, as far as it can still be part of a race.
//
// The algorithm is FastTrack's (Flanagan, Freund, PLDI 2009): of the writes the last one is enough,
// of the reads the last one while they are ordered, else the last one of each thread. Atomic
// accesses, which do not race with each other, are kept for each thread. All of it tells exactly
// whether an access races with one before it.
//
// Memory is described by words of 8 bytes. Bytes of a word that have one history form a group;
// groups are split when an access touches a part of one, and joined when one writes to all of a
// word.
//
// Thread safety: as runtime.h.
// Invariants:     (I1) a word of an older generation is empty, whatever it says: a new execution
//                      begins with an empty shadow.
//                 (I2) the groups of a word have no byte in common; groups[] may have none at all.
//                 (I3) a clock of 0 is that of no access: every thread has seen it.
//                 (I4) of a word that was freed, groups[0] has no bytes and says who freed it, and
//                      there is nothing else.
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

  inline void read_by(const ThreadClock& me);
  inline void write_by(const ThreadClock& me);
};

struct alignas(64) Word {
  uint32_t generation;
  uint32_t more;    // a Node, or 0
  Group groups[2];  // of the lower half and of the upper, or of the whole and of nothing, mostly
};
static_assert(sizeof(Word) == 64, "a word of shadow has a cache line for itself");

// Another group of a word; or an object at its address by which threads synchronise.
struct alignas(64) Node {
  enum class Kind : uint8_t { kGroup, kAtomic, kObject };

  uint32_t next;
  Kind kind;
  Group group;  // of an atomic or an object: its mask
  // Of those: rows of one width.
  uint32_t width;
  uint32_t* rows;
  enum RowOf : uint32_t { kReleased, kWrote, kRead, kWroteNumber, kReadNumber, kRows };
  // What is released is what this thread had seen then, or nothing if the clock is 0: who has seen
  // that period of it need not look further. Of kReleasedByMany nobody has seen all for sure.
  static constexpr uint32_t kReleasedByMany = UINT32_MAX;
  uint32_t releaser_clock;
  ThreadId releaser;

  uint32_t* row(RowOf which) const { return rows + which * width; }
};

static_assert(sizeof(Node) == 64, "a node has a cache line for itself");

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

inline void Group::read_by(const ThreadClock& me) {
  read_thread = me.id;
  read_clock = me.now;
  read_number = this_access;
}
inline void Group::write_by(const ThreadClock& me) {
  write_thread = me.id;
  write_clock = me.now;
  write_number = this_access;
  read_thread = 0;
  read_clock = 0;
  allocated = false;
}

inline constexpr unsigned kAddressBits = 47;
inline constexpr unsigned kChunkBits = 20;
// At fixed places, as all that the runtime looks for often.
inline constexpr uintptr_t kShadowChunks = 0x6c00'0000'0000;
inline constexpr uintptr_t kShadowNodes = 0x6c80'0000'0000;
inline Word** shadow_chunks() { return reinterpret_cast<Word**>(kShadowChunks); }
inline Node& node_at(uint32_t index) { return reinterpret_cast<Node*>(kShadowNodes)[index]; }
Word* new_shadow_chunk(uintptr_t address);

// `address` is below 1 << kAddressBits. The first is null if nothing was done there in any
// execution.
inline Word* chunk_at(uintptr_t address) { return shadow_chunks()[address >> kChunkBits]; }
inline Word& word_in(Word* chunk, uintptr_t address) {
  return chunk[(address >> 3) & ((1u << (kChunkBits - 3)) - 1)];
}
inline Word& word_at(uintptr_t address) {
  Word* chunk = chunk_at(address);
  if (chunk == nullptr) [[unlikely]]
    chunk = new_shadow_chunk(address);
  return word_in(chunk, address);
}
constexpr uint8_t mask_of(uintptr_t offset, uintptr_t size) {
  return static_cast<uint8_t>(((1u << size) - 1) << offset);
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

// The same where there is little to look at: false, look closer. They call nothing, so that the
// usual access saves no registers.
inline bool read_quickly(const ThreadClock& me, Word& word, uint8_t mask) {
  Group& group = word.groups[(mask & 0xf) == 0];
  if (word.generation == shadow_generation && (mask & ~group.mask) == 0) [[likely]] {
    // A read after a write of the same period races with nothing that the write does not race with.
    if (group.write_thread == me.id && group.write_clock == me.now) return true;
    if (group.read_thread == me.id && group.read_clock == me.now) return true;
    if (group.mask == mask && word.more == 0 &&
        me.has_seen(group.write_thread, group.write_clock) &&
        group.read_thread != Group::kReadByMany &&
        me.has_seen(group.read_thread, group.read_clock)) {
      group.read_by(me);
      return true;
    }
  }
  return false;
}
inline bool write_quickly(const ThreadClock& me, Word& word, uint8_t mask) {
  Group& group = word.groups[(mask & 0xf) == 0];
  if (word.generation == shadow_generation && (mask & ~group.mask) == 0) [[likely]] {
    if (group.write_thread == me.id && group.write_clock == me.now) return true;
    if (group.mask == mask && word.more == 0 &&
        me.has_seen(group.write_thread, group.write_clock) &&
        group.read_thread != Group::kReadByMany &&
        me.has_seen(group.read_thread, group.read_clock)) {
      group.write_by(me);
      return true;
    }
  }
  return false;
}

// An access of the plain sort to [address, address + size).
bool access_range(ThreadClock& me, uintptr_t address, uintptr_t size, bool write);

// Whether the plain accesses to these bytes have been seen for sure; if not, look closer.
inline bool has_surely_seen(const ThreadClock& me, const Group& group, uint8_t mask, bool write) {
  if ((group.mask & mask) == 0) return true;
  if (!me.has_seen(group.write_thread, group.write_clock)) return false;
  return !write || (group.read_thread != Group::kReadByMany &&
                    me.has_seen(group.read_thread, group.read_clock));
}

// The node of these bytes, if it is the only one of its word and an atomic access needs no closer
// look; else null.
inline Node* quick_node(const ThreadClock& me, const Word& word, Node::Kind kind, uint8_t mask,
                        bool write) {
  if (word.generation != shadow_generation || word.more == 0) return nullptr;
  Node& node = node_at(word.more);
  const bool is_it = node.kind == kind && node.group.mask == mask && node.next == 0 &&
                     me.id < node.width && this_access == 0;
  if (!is_it || !has_surely_seen(me, word.groups[0], mask, write) ||
      !has_surely_seen(me, word.groups[1], mask, write)) {
    return nullptr;
  }
  node.row(write ? Node::kWrote : Node::kRead)[me.id] = me.now;
  return &node;
}

// An atomic access, within one word; it does not race with others of its sort. Null: it conflicts.
// Else the atomic's node. Where quick_node() has found none.
Node* access_atomically(ThreadClock& me, uintptr_t address, uint8_t size, bool writes);

// Its node, or null if nobody has accessed it yet.
Node* find_atomic(uintptr_t address, uint8_t size);

// A lock, or its like, is used at its address: as an atomic read of its first byte. Null: that
// conflicts. Else its node. Where quick_node() has found none.
Node* use_object(ThreadClock& me, uintptr_t address);
// The node of an object, or null; or made. No use of it.
Node* find_object(uintptr_t address);
Node& object_node(uintptr_t address);
// Makes the node's rows wide enough for all threads.
void widen(Node& node);
// In front of the others of its word.
Node& new_node(Word& word, Node::Kind kind);

// Memory is freed: as a write, and every access to it from now on conflicts.
bool free_range(ThreadClock& me, uintptr_t address, uintptr_t size);
// Memory is given out: nothing that was done to it before is of account.
void allocate_range(ThreadClock& me, uintptr_t address, uintptr_t size);
void forget_range(uintptr_t address, uintptr_t size);

}  // namespace weft::explore
