// AllOrNone: std::scoped_lock takes both forks or waits with none.
//
// Why it works: nobody waits for one fork while holding another.
#pragma once

#include <mutex>

#include "scenarios/avoidance/strategy.h"

namespace weft::avoidance {

template <class Fork>
class AllOrNone : public WithForks<Fork> {
 public:
  using WithForks<Fork>::WithForks;

  // std::lock() is std::scoped_lock's constructor without its scope, which ends in put() here.
  void take(std::size_t seat) { std::lock(this->left(seat), this->right(seat)); }
};

}  // namespace weft::avoidance
