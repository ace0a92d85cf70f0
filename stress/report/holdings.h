// Who holds which locks, step by step of a Finding.
//
// Thread safety: values, one thread at a time.
// Invariants:     (I1) a recursive lock is held until it has been released as often as it was
// taken.
//                 (I2) nobody holds a semaphore: who takes a permit need not give it back.
// Non-invariants: what one thread took and another released is no more in anybody's hands: it stays
//                 in those of who took it.
#pragma once

#include <vector>

#include "stress/report/finding.h"

namespace weft::report {

// Takings of one lock by one thread.
struct Taken {
  unsigned thread = 0;
  unsigned object = 0;
  unsigned times = 0;

  bool operator==(const Taken&) const = default;
};

class Holdings {
 public:
  // A step of `finding`, after all those before it.
  void apply(const Step& step, const Finding& finding);

  // In the order in which they were taken.
  const std::vector<Taken>& all() const { return all_; }
  // The locks in a thread's hands, in that order.
  std::vector<unsigned> of(unsigned thread) const;

 private:
  std::vector<Taken>::iterator find(unsigned thread, unsigned object);
  void take(unsigned thread, unsigned object);
  void release(unsigned thread, unsigned object);

  std::vector<Taken> all_;
};

}  // namespace weft::report
