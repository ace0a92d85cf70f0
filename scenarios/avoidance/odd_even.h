// OddEven: even seats take their left fork first, odd seats their right one. The documents' rule.
//
// Why it works: seats 0 and 1 both take the fork between them last, so whoever holds that fork
// holds both and eats. A circle of people who each hold one fork and wait for the next would pass
// through it, and so cannot close.
#pragma once

#include "scenarios/avoidance/strategy.h"

namespace weft::avoidance {

template <class Fork>
class OddEven : public WithForks<Fork> {
 public:
  using WithForks<Fork>::WithForks;

  void take(std::size_t seat) {
    Fork& left = this->left(seat);
    Fork& right = this->right(seat);
    seat % 2 == 0 ? this->take_in_order(left, right) : this->take_in_order(right, left);
  }
};

}  // namespace weft::avoidance
