// GlobalOrder: everybody takes the fork with the smaller number first.
//
// Why it works: whoever waits for fork f holds only forks below f, so the chain of who waits for
// whom climbs and cannot close.
#pragma once

#include "scenarios/avoidance/strategy.h"

namespace weft::avoidance {

template <class Fork>
class GlobalOrder : public WithForks<Fork> {
 public:
  using WithForks<Fork>::WithForks;

  void take(std::size_t seat) {
    Fork& left = this->left(seat);
    Fork& right = this->right(seat);
    const bool left_is_lower = left_fork(seat) < right_fork(seat, this->seats());
    left_is_lower ? this->take_in_order(left, right) : this->take_in_order(right, left);
  }
};

}  // namespace weft::avoidance
