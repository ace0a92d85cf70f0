// Arbiter: an arbiter lets all but one philosopher to the table; these take the left fork first.
//
// Why it works: a circle of people who each hold one fork and wait for the next needs all seats.
#pragma once

#include "primitives/threading/semaphore.h"
#include "scenarios/avoidance/strategy.h"

namespace weft::avoidance {

// Permits is a counting semaphore, made from its initial value, with the shape of a Lockable.
template <class Fork, class Permits = Semaphore>
class Arbiter : public WithForks<Fork> {
 public:
  explicit Arbiter(std::span<Fork> forks) : Arbiter(forks, forks.size() - 1) {}

  void take(std::size_t seat) {
    admitted_.lock();
    this->take_in_order(this->left(seat), this->right(seat));
  }
  void put(std::size_t seat) {
    WithForks<Fork>::put(seat);
    admitted_.unlock();
  }

 protected:
  // For as many guests as may be at the table at once.
  Arbiter(std::span<Fork> forks, std::size_t guests)
      : WithForks<Fork>(forks), admitted_(static_cast<std::ptrdiff_t>(guests)) {
    annotate::named(&admitted_, "the arbiter");
  }

 private:
  Permits admitted_;
};

}  // namespace weft::avoidance
