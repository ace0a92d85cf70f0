// TaskDeque: tasks in a ring that grows; one thread at a time pushes at the bottom, and may pop
// there; any thread takes from the top.
//
// Algorithm: D. Chase and Y. Lev, "Dynamic Circular Work-Stealing Deque" (SPAA 2005), figures 2 and
// 3, with the orders of N. M. Lê, A. Pop, A. Cohen and F. Zappa Nardelli, "Correct and Efficient
// Work-Stealing for Weak Memory Models" (PPoPP 2013), figure 1, where seq_cst accesses stand in the
// place of their fences. A task of four words is read before the compare-exchange that takes it, as
// there the one word; what is read of a place that is being written anew is thrown away, because
// then the compare-exchange fails.
//
// Thread safety: "the owner" is one thread at a time, which a worker is of its own deque, and who
// holds the mutex is of the shared one. take(), seems_empty(): any thread.
// Invariants:
//   (I1) The tasks are those of the places from top_ up to bottom_, without it. Places count up and
//        wrap around; those that are compared lie less than 2^63 apart (before()).
//   (I2) A task leaves by exactly one compare-exchange of top_, or by the owner's pop of a place
//        that no other thread can take any more.
//   (I3) A ring that was replaced is not written again and lives as long as the deque; a thread
//        that still reads it finds the tasks that were there.
// Non-invariants: bottom_ may be one less than the number of tasks says while the owner pops.
// Memory ordering: what the owner did before push() is visible to whoever gets the task.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "primitives/pool/task.h"

namespace weft::internal {

class TaskDeque {
 public:
  // `first_place`: of the first task; for tests, which begin near the wrap.
  explicit TaskDeque(std::size_t capacity, std::uint64_t first_place = 0)
      : top_(first_place),
        bottom_(first_place),
        seen_top_(first_place),
        ring_(new Ring(capacity, nullptr)) {}
  ~TaskDeque() {
    for (const Ring* ring = ring_.load(); ring != nullptr;) {
      const std::unique_ptr<const Ring> last(ring);
      ring = last->older;
    }
  }
  TaskDeque(const TaskDeque&) = delete;
  TaskDeque& operator=(const TaskDeque&) = delete;

  // The owner. Throws bad_alloc.
  void push(Task task) {
    const std::uint64_t place = put(task);
    publish(place + 1);
  }
  // The owner; as push(), in the one order of all seq_cst operations: whoever says before that it
  // is about to sleep and looks here after it sees the task, or this thread sees what it said.
  void push_before_looking(Task task) {
    const std::uint64_t place = put(task);
    bottom_.store(place + 1);
  }

  // The owner. The last task, if it is this one.
  bool pop_if(const void* subject, Task& task) {
    const std::uint64_t place = own_bottom() - 1;
    const Task last = own_ring()->read(place);
    if (last.subject() != subject) return false;
    return pop(place, last, task);
  }
  // The owner. The last task, whichever it is.
  bool pop_last(Task& task) {
    const std::uint64_t place = own_bottom() - 1;
    return pop(place, own_ring()->read(place), task);
  }

  // Any thread: the first task; false if there was none.
  bool take(Task& task) {
    std::uint64_t top = top_.load();
    while (before(top, bottom_.load())) {
      task = ring()->read(top);
      if (top_.compare_exchange_weak(top, top + 1)) return true;
    }
    return false;
  }

  // Any thread; only of a deque that nobody pops. The first tasks, at most `most` and no more than
  // one in `share` of those that are there, but one if there is one; returns how many. The caller
  // remembers how far the tasks went when it looked last: while it has not got there, it leaves the
  // line alone to which the owner writes.
  std::size_t take_some(std::uint64_t& seen_bottom, Task* tasks, std::size_t most,
                        std::size_t share) {
    std::uint64_t top = top_.load();
    while (before(top, seen_bottom) || before(top, seen_bottom = bottom_.load())) {
      std::size_t count = static_cast<std::size_t>((seen_bottom - top) / share);
      count = count == 0 ? 1 : count < most ? count : most;
      const Ring* const from = ring();
      for (std::size_t i = 0; i < count; ++i) tasks[i] = from->read(top + i);
      if (top_.compare_exchange_weak(top, top + count)) return count;
    }
    return 0;
  }

  // Any thread: how many of the tasks before that place were not taken from the top.
  std::uint64_t left(std::uint64_t place) const {
    const std::uint64_t top = top_.load();
    return before(top, place) ? place - top : 0;
  }
  // Any thread: how many tasks were ever taken from the top.
  std::uint64_t top() const { return top_.load(); }
  // The owner: the place of the next task.
  std::uint64_t next_place() const { return own_bottom(); }

  // Any thread. A task that was pushed before, in the order of all seq_cst operations, is seen,
  // unless it is gone.
  bool seems_empty() const {
    const std::uint64_t top = top_.load();
    return !before(top, bottom_.load());
  }

  // Whether place `a` comes before `b`.
  static bool before(std::uint64_t a, std::uint64_t b) {
    return static_cast<std::int64_t>(a - b) < 0;
  }

 private:
  struct Ring {
    Ring(std::size_t capacity, const Ring* older)
        : mask(capacity - 1), older(older), words(new Cell[capacity]) {}
    ~Ring() = default;

    Task read(std::uint64_t place) const {
      const Cell& cell = words[place & mask];
      Task::Words read{};
      for (std::size_t i = 0; i < Task::kWords; ++i) read[i] = load(cell.words[i]);
      return Task::from_words(read);
    }
    void write(std::uint64_t place, Task task) {
      Cell& cell = words[place & mask];
      for (std::size_t i = 0; i < Task::kWords; ++i) store(cell.words[i], task.words()[i]);
    }

    // relaxed, both: bottom_ and top_ say who may use what was read (I1, I2).
    static std::uintptr_t load(const std::atomic<std::uintptr_t>& word) {
      return word.load(std::memory_order_relaxed);
    }
    static void store(std::atomic<std::uintptr_t>& word, std::uintptr_t value) {
      word.store(value, std::memory_order_relaxed);
    }

    struct alignas(32) Cell {
      std::atomic<std::uintptr_t> words[Task::kWords];
    };
    const std::uint64_t mask;  // the capacity, a power of two, less one
    const Ring* const older;
    const std::unique_ptr<Cell[]> words;
  };

  std::uint64_t put(Task task) {
    const std::uint64_t bottom = own_bottom();
    Ring* into = own_ring();
    if (bottom - seen_top_ > into->mask) {
      seen_top_ = acquire_top();
      if (bottom - seen_top_ > into->mask) into = grow(seen_top_, bottom);
    }
    into->write(bottom, task);
    return bottom;
  }

  Ring* grow(std::uint64_t top, std::uint64_t bottom) {
    const Ring* const old = own_ring();
    auto* const grown = new Ring(2 * (old->mask + 1), old);
    for (std::uint64_t place = top; place != bottom; ++place) grown->write(place, old->read(place));
    // release: pairs with the acquire in ring(): who finds the ring finds the tasks in it.
    ring_.store(grown, std::memory_order_release);
    return grown;
  }

  bool pop(std::uint64_t place, const Task& last, Task& task) {
    bottom_.store(place);
    std::uint64_t top = top_.load();
    if (before(top, place)) {
      task = last;
      return true;
    }
    // The last task of all: whoever moves top_ has it.
    const bool mine = top == place && top_.compare_exchange_strong(top, top + 1);
    publish(place + 1);
    if (mine) task = last;
    return mine;
  }

  // relaxed, both: only the owner writes them, or who held the mutex before.
  std::uint64_t own_bottom() const { return bottom_.load(std::memory_order_relaxed); }
  Ring* own_ring() { return ring_.load(std::memory_order_relaxed); }
  // acquire: pairs with the release in grow(); the caller has loaded bottom_ before, so the ring is
  // at least as new as the place it asks for.
  const Ring* ring() const { return ring_.load(std::memory_order_acquire); }
  // acquire: pairs with the compare-exchange in take(), by which a thread that has read a place
  // gives it back.
  std::uint64_t acquire_top() const { return top_.load(std::memory_order_acquire); }
  // release: pairs with the load of bottom_ in take(): who finds the place finds the task.
  void publish(std::uint64_t bottom) { bottom_.store(bottom, std::memory_order_release); }

  static constexpr std::size_t kLine = 64;

  // On lines of their own: what the takers write, what the owner writes, what hardly changes.
  alignas(kLine) std::atomic<std::uint64_t> top_;
  alignas(kLine) std::atomic<std::uint64_t> bottom_;
  std::uint64_t seen_top_;  // the owner's: top_ is at least this
  alignas(kLine) std::atomic<Ring*> ring_;
};

}  // namespace weft::internal
