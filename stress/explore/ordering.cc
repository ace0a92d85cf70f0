#include "stress/explore/ordering.h"

namespace weft::explore {
namespace {

bool acquires(int order) { return order != __ATOMIC_RELAXED && order != __ATOMIC_RELEASE; }
bool releases(int order) { return order >= __ATOMIC_RELEASE; }

void read_from(ThreadClock& me, const Node& atomic, int order) {
  const uint32_t* released = atomic.row(Node::kReleased);
  if (acquires(order)) return join_clock(me.at, released, atomic.width);
  if (!me.has_to_acquire) {
    me.has_to_acquire = true;
    clear_clock(me.to_acquire, clock_width);
  }
  join_clock(me.to_acquire, released, atomic.width);
}

void write_to(ThreadClock& me, Node& atomic, int order, bool goes_on) {
  const bool release = releases(order);
  if (!release && !me.has_released) {
    if (!goes_on) clear_clock(atomic.row(Node::kReleased), atomic.width);
    return;
  }
  if (atomic.width < clock_width) widen(atomic);
  uint32_t* released = atomic.row(Node::kReleased);
  const uint32_t* seen = release ? me.at : me.released;
  goes_on ? join_clock(released, seen, clock_width) : copy_clock(released, seen, clock_width);
  if (release) me.begin_period();
}

}  // namespace

bool access_and_order(ThreadClock& me, Op op, uintptr_t address, uint8_t size, int order) {
  const bool writes = op != Op::kLoad;
  const uint8_t part = size > 8 ? 8 : size;
  Node* atomic = access_atomically(me, address, part, !writes, writes);
  if (atomic == nullptr) return false;
  if (size > 8 && access_atomically(me, address + 8, 8, !writes, writes) == nullptr) return false;
  if (op != Op::kStore) read_from(me, *atomic, order);
  if (writes) write_to(me, *atomic, order, op != Op::kStore);
  return true;
}

void order_by_fence(ThreadClock& me, int order) {
  if (acquires(order) && me.has_to_acquire) {
    join_clock(me.at, me.to_acquire, clock_width);
    me.has_to_acquire = false;
  }
  if (!releases(order)) return;
  me.has_released = true;
  copy_clock(me.released, me.at, clock_width);
  me.begin_period();
}

void acquire_from(ThreadClock& me, uintptr_t address) {
  if (const Node* object = find_object(address)) {
    join_clock(me.at, object->row(Node::kReleased), object->width);
  }
}

void release_to(ThreadClock& me, uintptr_t address) {
  join_clock(object_node(address).row(Node::kReleased), me.at, clock_width);
  me.begin_period();
}

void forget_releases(uintptr_t address) {
  if (Node* object = find_object(address)) {
    clear_clock(object->row(Node::kReleased), object->width);
  }
}

}  // namespace weft::explore
