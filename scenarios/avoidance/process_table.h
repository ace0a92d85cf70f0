// ProcessTable: who eats, and whether two neighbours ever ate at once, where each philosopher is a
// process. As Table (table.h) for threads.
//
// A handle: what a child of fork() has of it is the same table.
//
// Thread safety: eat() from each seat's process at once; the rest from anywhere, also meanwhile.
// Memory ordering: sequentially consistent. It is not the races that are judged by it.
#pragma once

#include <cstddef>
#include <thread>

#include "primitives/ipc/array.h"
#include "primitives/ipc/value.h"
#include "scenarios/avoidance/table.h"

namespace weft::avoidance {

class ProcessTable {
 public:
  explicit ProcessTable(std::size_t seats) : eaters_(require_seats(seats)), meals_(seats) {}

  // One meal of this seat, which holds both its forks.
  void eat(std::size_t seat) {
    const std::size_t forks[] = {left_fork(seat), right_fork(seat, meals_.size())};
    for (const std::size_t fork : forks) {
      if (eaters_.atomic(fork).fetch_add(1) != 0) was_shared_.store(true);
    }
    std::this_thread::yield();  // a meal takes time, in which a neighbour may come
    for (const std::size_t fork : forks) eaters_.atomic(fork) -= 1;
    meals_.atomic(seat) += 1;
  }
  // Of each seat.
  const ipc::RawArray<int>& meals() const { return meals_; }
  // Whether a fork was in two hands.
  bool was_shared() const { return was_shared_.load(); }

 private:
  ipc::RawArray<int> eaters_;  // of each fork
  ipc::RawArray<int> meals_;
  ipc::RawValue<bool> was_shared_;
};

}  // namespace weft::avoidance
