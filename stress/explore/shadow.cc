#include "stress/explore/shadow.h"

#include "stress/explore/raw.h"

namespace weft::explore {

Conflict conflict;
uint32_t shadow_generation = 0;
AccessNumber this_access = 0;
Word** shadow_chunks = nullptr;

namespace {

constexpr uintptr_t kChunks = uintptr_t{1} << (kAddressBits - kChunkBits);
constexpr uintptr_t kChunkBytes = (uintptr_t{1} << (kChunkBits - 3)) * sizeof(Word);
constexpr uint32_t kMostNodes = 1u << 24;

Node* nodes = nullptr;
uint32_t next_node = 0;

Node& node(uint32_t index) { return nodes[index]; }

// In front of the others of its word.
Node& new_node(Word& word, Node::Kind kind) {
  if (next_node == kMostNodes) {
    raw_die("race detection is out of memory for this execution; shorten it, or give WEFT_RACES=0");
  }
  Node& fresh = node(next_node);
  fresh = {};
  fresh.kind = kind;
  fresh.next = word.more;
  word.more = next_node++;
  return fresh;
}

void begin_word(Word& word) {
  if (word.generation == shadow_generation) return;
  word = {};
  word.generation = shadow_generation;
}

bool conflicts(ThreadId thread, uint32_t clock, AccessNumber number, bool write) {
  conflict = {thread, clock, number, write, false, false, false};
  return false;
}

// Whether all of a row's threads have been seen; if not, which one was not is the conflict.
bool has_seen_row(const ThreadClock& me, const uint32_t* clocks, const uint32_t* numbers,
                  uint32_t width, bool write) {
  for (uint32_t i = 0; i < width; ++i) {
    const auto thread = static_cast<ThreadId>(i);
    if (clocks[i] == 0 || me.has_seen(thread, clocks[i])) continue;
    return conflicts(thread, clocks[i], numbers[i], write);
  }
  return true;
}

struct Readers {
  explicit Readers(const Group& group)
      : width(*elements_of(group.read_clock)),
        clocks(elements_of(group.read_clock) + 1),
        numbers(clocks + width) {}
  uint32_t width;
  uint32_t* clocks;
  uint32_t* numbers;
};

Row new_readers() {
  const uint32_t width = good_row_width();
  const Row row = new_row(1 + 2 * width);
  *elements_of(row) = width;
  return row;
}

bool has_seen_write(const ThreadClock& me, const Group& group) {
  if (me.has_seen(group.write_thread, group.write_clock)) return true;
  conflicts(group.write_thread, group.write_clock, group.write_number, true);
  conflict.allocated = group.allocated;
  return false;
}

bool has_seen_reads(const ThreadClock& me, const Group& group) {
  if (group.read_thread != Group::kReadByMany) {
    return me.has_seen(group.read_thread, group.read_clock) ||
           conflicts(group.read_thread, group.read_clock, group.read_number, false);
  }
  const Readers readers(group);
  return has_seen_row(me, readers.clocks, readers.numbers, readers.width, false);
}

void put_reader(Group& group, ThreadId thread, uint32_t clock, AccessNumber number) {
  if (thread >= Readers(group).width) {
    const Readers before(group);
    group.read_clock = new_readers();
    const Readers now(group);
    copy_clock(now.clocks, before.clocks, before.width);
    copy_clock(now.numbers, before.numbers, before.width);
  }
  const Readers readers(group);
  readers.clocks[thread] = clock;
  readers.numbers[thread] = number;
}

bool read_group(const ThreadClock& me, Group& group) {
  if (!has_seen_write(me, group)) return false;
  if (group.read_thread == Group::kReadByMany) {
    put_reader(group, me.id, me.now, this_access);
  } else if (me.has_seen(group.read_thread, group.read_clock)) {
    group.read_thread = me.id;
    group.read_clock = me.now;
    group.read_number = this_access;
  } else {
    const Group before = group;
    group.read_thread = Group::kReadByMany;
    group.read_clock = new_readers();
    put_reader(group, before.read_thread, before.read_clock, before.read_number);
    put_reader(group, me.id, me.now, this_access);
  }
  return true;
}

bool write_group(const ThreadClock& me, Group& group) {
  if (!has_seen_write(me, group) || !has_seen_reads(me, group)) return false;
  group.write_thread = me.id;
  group.write_clock = me.now;
  group.write_number = this_access;
  group.read_thread = 0;
  group.read_clock = 0;
  group.allocated = false;
  return true;
}

// Leaves to the group only its bytes in `mask`; the others have a group of their own from now on.
void split(Word& word, Group& group, uint8_t mask) {
  const auto others = static_cast<uint8_t>(group.mask & ~mask);
  if (others == 0) return;
  Node& rest = new_node(word, Node::Kind::kGroup);
  rest.group = group;
  rest.group.mask = others;
  group.mask &= mask;
  if (group.read_thread != Group::kReadByMany) return;
  // Each has its own readers.
  const Readers before(group);
  rest.group.read_clock = new_readers();
  const Readers copy(rest.group);
  copy_clock(copy.clocks, before.clocks, before.width);
  copy_clock(copy.numbers, before.numbers, before.width);
}

bool conflicts_with_free(const Word& word) {
  conflicts(word.first.write_thread, word.first.write_clock, word.first.write_number, true);
  conflict.freed = true;
  return true;
}

bool has_seen_atomic(const ThreadClock& me, const Node& atomic, bool write) {
  const bool seen = has_seen_row(me, atomic.row(Node::kWrote), atomic.row(Node::kWroteNumber),
                                 atomic.width, true) &&
                    (!write || has_seen_row(me, atomic.row(Node::kRead),
                                            atomic.row(Node::kReadNumber), atomic.width, false));
  if (!seen) conflict.atomic = true;
  return seen;
}

bool has_seen_atomics(const ThreadClock& me, const Word& word, uint8_t mask, bool write) {
  for (uint32_t i = word.more; i != 0; i = node(i).next) {
    const Node& each = node(i);
    if (each.kind != Node::Kind::kAtomic || (each.group.mask & mask) == 0) continue;
    if (!has_seen_atomic(me, each, write)) return false;
  }
  return true;
}

bool access_slowly(ThreadClock& me, Word& word, uint8_t mask, bool write) {
  begin_word(word);
  if (word.first.freed) return !conflicts_with_free(word);
  if (!has_seen_atomics(me, word, mask, write)) return false;
  const auto access = [&](Group& group) {
    split(word, group, mask);
    return write ? write_group(me, group) : read_group(me, group);
  };
  auto rest = static_cast<uint8_t>(mask & ~word.first.mask);
  if ((word.first.mask & mask) != 0 && !access(word.first)) return false;
  for (uint32_t i = word.more; i != 0 && rest != 0; i = node(i).next) {
    Node& each = node(i);
    if (each.kind != Node::Kind::kGroup || (each.group.mask & mask) == 0) continue;
    rest = static_cast<uint8_t>(rest & ~each.group.mask);
    if (!access(each.group)) return false;
  }
  if (rest == 0) return true;
  Group& fresh = word.first.mask == 0 ? word.first : new_node(word, Node::Kind::kGroup).group;
  fresh.mask = rest;
  return write ? write_group(me, fresh) : read_group(me, fresh);
}

bool has_seen_plain(const ThreadClock& me, const Word& word, uint8_t mask, bool write) {
  if ((word.first.mask & mask) != 0 &&
      !(has_seen_write(me, word.first) && (!write || has_seen_reads(me, word.first)))) {
    return false;
  }
  for (uint32_t i = word.more; i != 0; i = node(i).next) {
    const Node& each = node(i);
    if (each.kind != Node::Kind::kGroup || (each.group.mask & mask) == 0) continue;
    if (!(has_seen_write(me, each.group) && (!write || has_seen_reads(me, each.group)))) {
      return false;
    }
  }
  return true;
}

uint8_t mask_of(uintptr_t offset, uintptr_t size) {
  return static_cast<uint8_t>(((1u << size) - 1) << offset);
}

// Calls function(word, mask) for each word that [address, address + size) has a part in, until one
// returns false.
template <class F>
bool for_each_word(uintptr_t address, uintptr_t size, F function) {
  while (size > 0) {
    const uintptr_t offset = address & 7;
    const uintptr_t part = size < 8 - offset ? size : 8 - offset;
    if (!function(word_at(address), mask_of(offset, part))) return false;
    address += part;
    size -= part;
  }
  return true;
}

}  // namespace

Word* new_shadow_chunk(uintptr_t address) {
  const uintptr_t made = map_memory(0, kChunkBytes);
  if (made == 0) raw_die("no memory for race detection; give WEFT_RACES=0");
  return shadow_chunks[address >> kChunkBits] = reinterpret_cast<Word*>(made);
}

void begin_shadow() {
  if (shadow_chunks == nullptr) {
    shadow_chunks = reinterpret_cast<Word**>(map_memory(0, kChunks * sizeof(Word*)));
    nodes = reinterpret_cast<Node*>(map_memory(0, uint64_t{kMostNodes} * sizeof(Node)));
    if (shadow_chunks == nullptr || nodes == nullptr) {
      raw_die("no address space for race detection; give WEFT_RACES=0");
    }
  }
  next_node = 1;
  this_access = 0;
  if (++shadow_generation != 0) return;
  // Once in 2^32 executions: what the first ones left would look like this one's.
  for (uintptr_t i = 0; i < kChunks; ++i) {
    if (shadow_chunks[i] != nullptr) {
      clear_memory(reinterpret_cast<uintptr_t>(shadow_chunks[i]), kChunkBytes);
    }
  }
  shadow_generation = 1;
}

uint32_t last_read(const Group& group, ThreadId thread) {
  if (group.read_thread != Group::kReadByMany) {
    return group.read_thread == thread ? group.read_clock : 0;
  }
  const Readers readers(group);
  return thread < readers.width ? readers.clocks[thread] : 0;
}

bool read_slowly(ThreadClock& me, Word& word, uint8_t mask) {
  return access_slowly(me, word, mask, false);
}
bool write_slowly(ThreadClock& me, Word& word, uint8_t mask) {
  return access_slowly(me, word, mask, true);
}

bool access_range(ThreadClock& me, uintptr_t address, uintptr_t size, bool write) {
  return for_each_word(address, size, [&](Word& word, uint8_t mask) {
    return write ? write_word(me, word, mask) : read_word(me, word, mask);
  });
}

Node* access_atomically(ThreadClock& me, uintptr_t address, uint8_t size, bool reads, bool writes) {
  Word& word = word_at(address);
  const uint8_t mask = mask_of(address & 7, size);
  begin_word(word);
  if (word.first.freed) {
    conflicts_with_free(word);
    return nullptr;
  }
  if (!has_seen_plain(me, word, mask, writes)) return nullptr;
  uint32_t found = word.more;
  while (found != 0 &&
         (node(found).kind != Node::Kind::kAtomic || node(found).group.mask != mask)) {
    found = node(found).next;
  }
  Node& atomic = found != 0 ? node(found) : new_node(word, Node::Kind::kAtomic);
  atomic.group.mask = mask;
  if (me.id >= atomic.width) widen(atomic);
  if (reads) {
    atomic.row(Node::kRead)[me.id] = me.now;
    atomic.row(Node::kReadNumber)[me.id] = this_access;
  }
  if (writes) {
    atomic.row(Node::kWrote)[me.id] = me.now;
    atomic.row(Node::kWroteNumber)[me.id] = this_access;
  }
  return &atomic;
}

Node* find_object(uintptr_t address) {
  const Word& word = word_at(address);
  if (word.generation != shadow_generation) return nullptr;
  for (uint32_t i = word.more; i != 0; i = node(i).next) {
    Node& each = node(i);
    if (each.kind == Node::Kind::kObject && each.offset == (address & 7)) return &each;
  }
  return nullptr;
}

Node& object_node(uintptr_t address) {
  Node* found = find_object(address);
  if (found == nullptr) {
    Word& word = word_at(address);
    begin_word(word);
    found = &new_node(word, Node::Kind::kObject);
    found->offset = address & 7;
  }
  if (found->width < clock_width) widen(*found);
  return *found;
}

void widen(Node& node) {
  const Node before = node;
  node.width = good_row_width();
  node.rows = new_row(node.width * Node::kRows);
  for (uint32_t i = 0; i < Node::kRows; ++i) {
    const auto which = static_cast<Node::RowOf>(i);
    copy_clock(node.row(which), before.row(which), before.width);
  }
}

bool free_range(ThreadClock& me, uintptr_t address, uintptr_t size) {
  if (!access_range(me, address, size, true)) return false;
  return for_each_word(address, size, [&](Word& word, uint8_t) {
    word.more = 0;
    word.first = {};
    word.first.freed = true;
    word.first.write_thread = me.id;
    word.first.write_clock = me.now;
    word.first.write_number = this_access;
    return true;
  });
}

void allocate_range(ThreadClock& me, uintptr_t address, uintptr_t size) {
  for_each_word(address, size, [&](Word& word, uint8_t mask) {
    word.generation = shadow_generation;
    word.more = 0;
    word.first = {};
    word.first.mask = mask;
    word.first.allocated = true;
    word.first.write_thread = me.id;
    word.first.write_clock = me.now;
    word.first.write_number = this_access;
    return true;
  });
}

void forget_range(uintptr_t address, uintptr_t size) {
  for_each_word(address, size, [&](Word& word, uint8_t) {
    word.generation = shadow_generation - 1;
    return true;
  });
}

}  // namespace weft::explore
