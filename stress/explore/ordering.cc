#include "stress/explore/ordering.h"

namespace weft::explore {
namespace {

bool acquires(int order) { return order != __ATOMIC_RELAXED && order != __ATOMIC_RELEASE; }
bool releases(int order) { return order >= __ATOMIC_RELEASE; }

// Nothing was released there that the thread has not seen, for sure.
bool has_seen_releases(const ThreadClock& me, const Node& node) {
  return me.has_seen(node.releaser, node.releaser_clock);
}

void acquire_node(ThreadClock& me, const Node& node) {
  if (has_seen_releases(me, node)) return;
  me.join(node.row(Node::kReleased), node.width);
}

// What was released there is what this thread had seen when its period began, and it has seen no
// more of others since.
bool was_just_released(const ThreadClock& me, const Node& node) {
  return node.releaser == me.id && node.releaser_clock == me.now - 1 && node.releaser_clock != 0 &&
         !me.has_joined;
}

// It has been released just now, and there is nothing to acquire: what is new is this period.
void release_again(ThreadClock& me, Node& node) {
  node.row(Node::kReleased)[me.id] = node.releaser_clock = me.now;
  me.begin_period();
}

// Acquires what was released there, and releases all.
void exchange(ThreadClock& me, Node& node) {
  if (node.width < clock_width) widen(node);
  uint32_t* released = node.row(Node::kReleased);
  for (uint32_t i = 0; i < clock_width; ++i) {
    released[i] = me.at[i] = released[i] > me.at[i] ? released[i] : me.at[i];
  }
  node.releaser = me.id;
  node.releaser_clock = me.now;
  me.begin_period();
}

// In place of what was released there before.
void release_alone(ThreadClock& me, Node& node) {
  if (node.width < clock_width) widen(node);
  copy_clock(node.row(Node::kReleased), me.at, clock_width);
  node.releaser = me.id;
  node.releaser_clock = me.now;
  me.begin_period();
}

void release_besides(ThreadClock& me, Node& node) {
  if (was_just_released(me, node)) return release_again(me, node);
  if (has_seen_releases(me, node)) return release_alone(me, node);
  if (node.width < clock_width) widen(node);
  join_clock(node.row(Node::kReleased), me.at, clock_width);
  node.releaser_clock = Node::kReleasedByMany;
  me.begin_period();
}

void read_from(ThreadClock& me, const Node& atomic, int order) {
  if (acquires(order)) return acquire_node(me, atomic);
  if (has_seen_releases(me, atomic)) return;
  if (!me.has_to_acquire) {
    me.has_to_acquire = true;
    clear_clock(me.to_acquire, clock_width);
  }
  join_clock(me.to_acquire, atomic.row(Node::kReleased), atomic.width);
}

void forget_releases(Node& node) {
  clear_clock(node.row(Node::kReleased), node.width);
  node.releaser_clock = 0;
}

// A store that does not release ends a release sequence, but for what a fence has released before.
void write_relaxed(ThreadClock& me, Node& atomic, bool goes_on) {
  if (goes_on && !me.has_released) return;
  if (!me.has_released) return forget_releases(atomic);
  atomic.releaser_clock = Node::kReleasedByMany;
  if (atomic.width < clock_width) widen(atomic);
  uint32_t* released = atomic.row(Node::kReleased);
  goes_on ? join_clock(released, me.released, clock_width)
          : copy_clock(released, me.released, clock_width);
}

}  // namespace

bool access_and_order(ThreadClock& me, Op op, uintptr_t address, uint8_t size, int order) {
  const bool writes = op != Op::kLoad;
  const uint8_t part = size > 8 ? 8 : size;
  Node* atomic =
      quick_node(me, word_at(address), Node::Kind::kAtomic, mask_of(address & 7, part), writes);
  if (atomic == nullptr) {
    // What it reads from comes before it, and so does all that comes before that.
    const Node* read = find_atomic(address, part);
    if (read != nullptr && op != Op::kStore && acquires(order)) acquire_node(me, *read);
    atomic = access_atomically(me, address, part, writes);
  }
  if (atomic == nullptr) return false;
  if (size > 8 && access_atomically(me, address + 8, 8, writes) == nullptr) return false;
  const bool reads = op != Op::kStore;
  if (!writes || !releases(order)) {
    if (reads) read_from(me, *atomic, order);
    if (writes) write_relaxed(me, *atomic, reads);
  } else if (was_just_released(me, *atomic)) {
    release_again(me, *atomic);
  } else if (!reads) {
    release_alone(me, *atomic);
  } else if (acquires(order)) {
    exchange(me, *atomic);
  } else {
    read_from(me, *atomic, order);
    release_besides(me, *atomic);
  }
  return true;
}

void order_by_fence(ThreadClock& me, int order) {
  if (acquires(order) && me.has_to_acquire) {
    me.join(me.to_acquire, clock_width);
    me.has_to_acquire = false;
  }
  if (!releases(order)) return;
  me.has_released = true;
  copy_clock(me.released, me.at, clock_width);
  me.begin_period();
}

void acquire_from(ThreadClock& me, uintptr_t address) {
  if (const Node* object = find_object(address)) acquire_node(me, *object);
}

void release_to(ThreadClock& me, uintptr_t address) { release_besides(me, object_node(address)); }

namespace {

Node* used(ThreadClock& me, uintptr_t address) {
  Node* quick =
      quick_node(me, word_at(address), Node::Kind::kObject, mask_of(address & 7, 1), false);
  return quick != nullptr ? quick : use_object(me, address);
}

}  // namespace

bool use_and_acquire(ThreadClock& me, uintptr_t address) {
  const Node* object = used(me, address);
  if (object != nullptr) acquire_node(me, *object);
  return object != nullptr;
}

bool use_and_release(ThreadClock& me, uintptr_t address) {
  Node* object = used(me, address);
  if (object != nullptr) release_besides(me, *object);
  return object != nullptr;
}

void forget_releases(uintptr_t address) {
  Node* object = find_object(address);
  if (object != nullptr) forget_releases(*object);
}

}  // namespace weft::explore
