#include "stress/explore/shadow.h"

namespace weft::explore {

Conflict conflict;

namespace {

Node& node(uint32_t index) { return node_at(index); }

// Nothing was done to it yet.
void clear(Word& word) {
  word.generation = shadow_generation;
  word.more = 0;
  word.groups[0] = word.groups[1] = {};
}

void begin_word(Word& word) {
  if (word.generation != shadow_generation) clear(word);
}

// Where the group of these bytes is looked for first.
Group& home_of(Word& word, uint8_t mask) { return word.groups[(mask & 0xf) == 0]; }

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
    group.read_by(me);
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
  group.write_by(me);
  return true;
}

// A group for bytes that have none.
Group& new_group(Word& word, uint8_t mask) {
  Group& home = home_of(word, mask);
  return home.mask == 0 ? home : new_node(word, Node::Kind::kGroup).group;
}

// Leaves to the group only its bytes in `mask`; the others have a group of their own from now on.
void split(Word& word, Group& group, uint8_t mask) {
  const auto others = static_cast<uint8_t>(group.mask & ~mask);
  if (others == 0) return;
  Group& rest = new_group(word, others);
  rest = group;
  rest.mask = others;
  group.mask &= mask;
  if (group.read_thread != Group::kReadByMany) return;
  // Each has its own readers.
  const Readers before(group);
  rest.read_clock = new_readers();
  const Readers copy(rest);
  copy_clock(copy.clocks, before.clocks, before.width);
  copy_clock(copy.numbers, before.numbers, before.width);
}

bool conflicts_with_free(const Word& word) {
  const Group& freed = word.groups[0];
  conflicts(freed.write_thread, freed.write_clock, freed.write_number, true);
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
    if (each.kind == Node::Kind::kGroup || (each.group.mask & mask) == 0) continue;
    if (!has_seen_atomic(me, each, write)) return false;
  }
  return true;
}

// Calls function(group) for each group that has some of these bytes, until one returns false.
template <class F>
bool for_each_group(Word& word, uint8_t mask, F function) {
  for (Group& group : word.groups) {
    if ((group.mask & mask) != 0 && !function(group)) return false;
  }
  for (uint32_t i = word.more; i != 0; i = node(i).next) {
    Node& each = node(i);
    if (each.kind != Node::Kind::kGroup || (each.group.mask & mask) == 0) continue;
    if (!function(each.group)) return false;
  }
  return true;
}

bool has_seen_plain(const ThreadClock& me, Word& word, uint8_t mask, bool write) {
  return for_each_group(word, mask, [&](const Group& group) {
    return has_seen_write(me, group) && (!write || has_seen_reads(me, group));
  });
}

// All of its bytes have one history from now on.
void join_groups(Word& word) {
  word.groups[0].mask = 0xff;
  word.groups[1].mask = 0;
  for (uint32_t* next = &word.more; *next != 0;) {
    Node& each = node(*next);
    *next = each.kind == Node::Kind::kGroup ? each.next : *next;
    if (each.kind != Node::Kind::kGroup) next = &each.next;
  }
}

bool access_bytes(ThreadClock& me, Group& group, bool write) {
  return write ? write_group(me, group) : read_group(me, group);
}

// The bytes have no history yet.
void begin_bytes(ThreadClock& me, Word& word, uint8_t mask, bool write) {
  Group& home = home_of(word, mask);
  const bool same_history = write && home.mask != 0 && home.write_thread == me.id &&
                            home.write_clock == me.now && home.write_number == this_access &&
                            home.read_clock == 0 && !home.allocated;
  if (same_history) {
    home.mask |= mask;
    return;
  }
  Group& fresh = new_group(word, mask);
  fresh = {};
  fresh.mask = mask;
  access_bytes(me, fresh, write);
}

bool access_slowly(ThreadClock& me, Word& word, uint8_t mask, bool write) {
  if (word.generation != shadow_generation) [[likely]] {
    clear(word);
    Group& home = home_of(word, mask);
    home.mask = mask;
    write ? home.write_by(me) : home.read_by(me);
    return true;
  }
  if (word.groups[0].freed) return !conflicts_with_free(word);
  if (word.more != 0 && !has_seen_atomics(me, word, mask, write)) return false;
  if (write && mask == 0xff) {
    if (!has_seen_plain(me, word, mask, true)) return false;
    join_groups(word);
    word.groups[0].write_by(me);
    return true;
  }
  uint8_t rest = mask;
  const bool ordered = for_each_group(word, mask, [&](Group& group) {
    rest = static_cast<uint8_t>(rest & ~group.mask);
    split(word, group, mask);
    return access_bytes(me, group, write);
  });
  if (ordered && rest != 0) begin_bytes(me, word, rest, write);
  return ordered;
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
    return write ? write_quickly(me, word, mask) || write_slowly(me, word, mask)
                 : read_quickly(me, word, mask) || read_slowly(me, word, mask);
  });
}

namespace {

Node* find_node(const Word& word, Node::Kind kind, uint8_t mask) {
  if (word.generation != shadow_generation) return nullptr;
  for (uint32_t i = word.more; i != 0; i = node(i).next) {
    Node& each = node(i);
    if (each.kind == kind && each.group.mask == mask) return &each;
  }
  return nullptr;
}

Node& node_of(Word& word, Node::Kind kind, uint8_t mask) {
  if (Node* found = find_node(word, kind, mask)) return *found;
  Node& fresh = new_node(word, kind);
  fresh.group.mask = mask;
  return fresh;
}

void put_access(const ThreadClock& me, const Node& node, Node::RowOf row, Node::RowOf numbers) {
  node.row(row)[me.id] = me.now;
  if (this_access != 0) node.row(numbers)[me.id] = this_access;
}

// An access of the atomic sort; null: it conflicts.
Node* access_node(ThreadClock& me, Word& word, Node::Kind kind, uint8_t mask, bool writes) {
  begin_word(word);
  if (word.groups[0].freed) {
    conflicts_with_free(word);
    return nullptr;
  }
  if (!has_seen_plain(me, word, mask, writes)) return nullptr;
  Node& found = node_of(word, kind, mask);
  if (me.id >= found.width) widen(found);
  writes ? put_access(me, found, Node::kWrote, Node::kWroteNumber)
         : put_access(me, found, Node::kRead, Node::kReadNumber);
  return &found;
}

}  // namespace

Node* access_atomically(ThreadClock& me, uintptr_t address, uint8_t size, bool writes) {
  return access_node(me, word_at(address), Node::Kind::kAtomic, mask_of(address & 7, size), writes);
}

Node* use_object(ThreadClock& me, uintptr_t address) {
  return access_node(me, word_at(address), Node::Kind::kObject, mask_of(address & 7, 1), false);
}

Node* find_atomic(uintptr_t address, uint8_t size) {
  return find_node(word_at(address), Node::Kind::kAtomic, mask_of(address & 7, size));
}

Node* find_object(uintptr_t address) {
  return find_node(word_at(address), Node::Kind::kObject, mask_of(address & 7, 1));
}

Node& object_node(uintptr_t address) {
  Word& word = word_at(address);
  begin_word(word);
  return node_of(word, Node::Kind::kObject, mask_of(address & 7, 1));
}

bool free_range(ThreadClock& me, uintptr_t address, uintptr_t size) {
  return for_each_word(address, size, [&](Word& word, uint8_t mask) {
    const bool is_ordered = word.generation != shadow_generation ||
                            (word.more == 0 && !word.groups[0].freed &&
                             has_surely_seen(me, word.groups[0], mask, true) &&
                             has_surely_seen(me, word.groups[1], mask, true)) ||
                            write_slowly(me, word, mask);
    if (!is_ordered) return false;
    clear(word);
    word.groups[0].freed = true;
    word.groups[0].write_by(me);
    return true;
  });
}

void allocate_range(ThreadClock& me, uintptr_t address, uintptr_t size) {
  for_each_word(address, size, [&](Word& word, uint8_t mask) {
    clear(word);
    Group& group = home_of(word, mask);
    group.mask = mask;
    group.write_by(me);
    group.allocated = true;
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
