// What all strategies have in common: how a philosopher comes by both forks, and gives them back.
//
// Forks are whatever has lock(), try_lock() and unlock(): weft::Lock, std::mutex, or a lock between
// processes. A strategy refers to its forks, which must outlive it.
//
// Thread safety: take() and put() of different seats at once, from any threads; those of one seat
// from one thread at a time.
// Memory ordering: what a philosopher did before put() is visible to a neighbour whose take()
// returns later.
// Invariant of every strategy in this folder: from the return of take() to put() no neighbour's
// take() returns; and while everybody who took puts back, every take() returns.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "primitives/annotate.h"
#include "scenarios/avoidance/table.h"

namespace weft::avoidance {

template <class S>
concept Strategy = requires(S& strategy, std::size_t seat) {
  strategy.take(seat);
  strategy.put(seat);
};

// Forks with names for reports.
template <class Fork>
class Forks {
 public:
  explicit Forks(std::size_t count) : forks_(std::make_unique<Fork[]>(count)), count_(count) {
    for (std::size_t i = 0; i < count; ++i) {
      annotate::named(&forks_[i], ("fork " + std::to_string(i)).c_str());
    }
  }
  std::span<Fork> all() const { return {forks_.get(), count_}; }

 private:
  std::unique_ptr<Fork[]> forks_;
  std::size_t count_;
};

// The base of strategies whose philosophers lock the forks themselves.
template <class Fork>
class WithForks {
 public:
  explicit WithForks(std::span<Fork> forks) : forks_(forks) { require_seats(forks.size()); }

  // In any order: giving back never waits.
  void put(std::size_t seat) {
    left(seat).unlock();
    right(seat).unlock();
  }

 protected:
  std::size_t seats() const { return forks_.size(); }
  Fork& left(std::size_t seat) const { return forks_[left_fork(seat)]; }
  Fork& right(std::size_t seat) const { return forks_[right_fork(seat, seats())]; }
  // One after the other, with a place between them at which it is bad to be preempted.
  static void take_in_order(Fork& first, Fork& second) {
    first.lock();
    annotate::point("holds one fork");
    second.lock();
  }

 private:
  std::span<Fork> forks_;
};

// With the same seed for the dice of those strategies that throw some.
template <class S, class Fork>
S strategy_of(std::span<Fork> forks) {
  constexpr std::uint64_t kSeed = 1;
  if constexpr (std::constructible_from<S, std::span<Fork>, std::uint64_t>) {
    return S(forks, kSeed);
  } else {
    return S(forks);
  }
}

// The life of one philosopher. The table is a Table or a ProcessTable.
template <Strategy S, class AnyTable>
void dine(S& strategy, AnyTable& table, std::size_t seat, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    strategy.take(seat);
    table.eat(seat);
    strategy.put(seat);
  }
}

}  // namespace weft::avoidance
