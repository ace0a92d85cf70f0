// EventOrder: which event is next. The scheduler's priority queue, made for events that are entered
// in bulk as well as one at a time.
//
// What was pushed lately lies unsorted. When somebody asks for the front, few of them go into a
// binary heap, each in O(log n), and many go unsorted into the bulk. That is sorted only as far as
// its front is asked for, by a sort that leaves the parts with the later events as they are:
//
//   bulk_:  [ later ... | ... | ... | sooner ]      boundaries_: where each part begins
//
// Each part comes before all parts to its left, and the last part, which is short, is sorted, its
// front at the end. This is the extraction of G. Navarro and R. Paredes, "On Sorting, Heaps, and
// Minimum Spanning Trees" (Algorithmica 57, 2010), section 3: popping m of n is O(n + m log n)
// expected, over neighbouring memory, where a heap misses the cache at every level. There a part is
// split in two by a pivot; here a long one becomes hundreds in one pass, by the bits of its times.
//
// Thread safety: none; the scheduler's mutex guards it.
// Invariants:     (I1) Every key is in exactly one of recent_, bulk_ and heap_.
//                 (I2) A key in a part of bulk_ is earlier than every key left of that part.
//                 (I3) [sorted_from_, end) of bulk_ is sorted, the earliest last, once front() has
//                      been called after the prepare() that found these keys.
// Non-invariants: front() is not O(log n) each time, but on average: the first one after a million
//                 pushes takes milliseconds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weft::internal {

struct EventKey {
  std::int64_t time;       // nanoseconds
  std::uint64_t sequence;  // of its entry; no two are alike
  std::int32_t priority;   // the lower comes first
  std::uint32_t slot;      // where the scheduler keeps the rest; orders nothing

  // Without a branch, which the processor could not predict.
  friend bool operator<(const EventKey& a, const EventKey& b) {
    const bool same_time = a.time == b.time;
    const bool same_priority = a.priority == b.priority;
    return (a.time < b.time) |
           (same_time & ((a.priority < b.priority) | (same_priority & (a.sequence < b.sequence))));
  }
};

class EventOrder {
 public:
  // May throw std::bad_alloc, and has changed nothing then.
  void push(const EventKey& key) { recent_.push_back(key); }

  std::size_t size() const { return recent_.size() + bulk_.size() + heap_.size(); }
  bool empty() const { return size() == 0; }

  // Finds the keys that are next. Returns those of them, in no order, that no call has returned
  // before: whoever fetches what belongs to them now has it when front() has sorted them. May throw
  // std::bad_alloc, and has lost nothing then.
  std::span<const EventKey> prepare();
  // The earliest key. Not of an empty order, and only after prepare().
  const EventKey& front();
  // Removes what front() has just returned.
  void pop();

  // Removes every key for which `is_dead` is true. O(size).
  template <class Predicate>
  void remove_if(Predicate is_dead) {
    merge_all();
    std::erase_if(bulk_, is_dead);
    begin_bulk_anew();
  }
  // A copy of all keys, in no order.
  std::vector<EventKey> keys() const;

  // Aborts with a sentence if an invariant is broken. O(n^2).
  void check_invariants() const;

 private:
  void settle();
  void merge_all();
  void begin_bulk_anew();
  bool distribute(std::size_t begin);
  std::size_t split(std::size_t begin);
  bool bulk_is_first() const;

  std::vector<EventKey> recent_;
  std::vector<EventKey> bulk_;
  std::vector<std::size_t> boundaries_ = {0};  // beginnings of the parts of bulk_, ascending from 0
  std::size_t sorted_from_ = 0;
  bool is_sorted_ = true;  // from there on
  std::vector<EventKey> heap_;
  std::uint64_t random_ = 88172645463325252u;  // the state of the pivots' generator
};

}  // namespace weft::internal
