// The broken twins of the strategies in scenarios/avoidance: each with one thing wrong.
//
// Thread safety: as strategies (scenarios/avoidance/strategy.h), but take() may never return.
#pragma once

#include <thread>
#include <vector>

#include "scenarios/avoidance/arbiter.h"
#include "scenarios/avoidance/chandy_misra.h"
#include "scenarios/avoidance/strategy.h"

namespace weft::avoidance {

// GlobalOrder with an order that is not global: one's own left fork is "lower" for everybody.
template <class Fork>
class LeftFirst : public WithForks<Fork> {
 public:
  using WithForks<Fork>::WithForks;
  void take(std::size_t seat) { this->take_in_order(this->left(seat), this->right(seat)); }
};

// AllOrNone with two acquires in place of std::lock().
template <class Fork>
class OneAfterTheOther : public WithForks<Fork> {
 public:
  using WithForks<Fork>::WithForks;
  void take(std::size_t seat) { this->take_in_order(this->right(seat), this->left(seat)); }
};

// OddEven, but seat 1 behaves as an even one. With two or three seats it is the only odd one, and
// all reach for the same side; with more, the other odd seats save the dinner.
template <class Fork>
class SeatOneBreaksTheRule : public WithForks<Fork> {
 public:
  using WithForks<Fork>::WithForks;
  void take(std::size_t seat) {
    const bool left_first = seat % 2 == 0 || seat == 1;
    Fork& left = this->left(seat);
    Fork& right = this->right(seat);
    left_first ? this->take_in_order(left, right) : this->take_in_order(right, left);
  }
};

// Arbiter who admits everybody.
template <class Fork>
class ArbiterAdmitsAll : public Arbiter<Fork> {
 public:
  explicit ArbiterAdmitsAll(std::span<Fork> forks) : Arbiter<Fork>(forks, forks.size()) {}
};

// BackOff without giving back: it tries for the second fork and keeps the first one.
template <class Fork>
class KeepsFork : public WithForks<Fork> {
 public:
  using WithForks<Fork>::WithForks;
  void take(std::size_t seat) {
    this->left(seat).lock();
    annotate::point("holds one fork");
    while (!this->right(seat).try_lock()) std::this_thread::yield();
  }
};

// ChandyMisra with the forks laid in a circle at the start: everybody is behind a neighbour.
class StartsInACircle : public ChandyMisra<> {
 public:
  explicit StartsInACircle(std::size_t seats) : ChandyMisra<>(own_left_forks(seats)) {}

 private:
  static std::vector<std::size_t> own_left_forks(std::size_t seats) {
    std::vector<std::size_t> holders(require_seats(seats));
    for (std::size_t seat = 0; seat < seats; ++seat) holders[left_fork(seat)] = seat;
    return holders;
  }
};

}  // namespace weft::avoidance
