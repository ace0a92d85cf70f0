// The recorder's marks on real threads.
#include "stress/linearize/clock.h"
#include "stress/linearize/recorder.h"

namespace weft::linearize {

Unrecorded::Unrecorded() : was_() {}
Unrecorded::~Unrecorded() = default;

void Recorder::invoke(unsigned lane, std::size_t place, bool) {
  Operation& operation = lanes_[lane][place];
  operation.invoked = now_ns();
  release(lane);
  if (order_ == Order::kMarks) fence();
}

void Recorder::returns(unsigned lane, std::size_t place) {
  Operation& operation = lanes_[lane][place];
  if (order_ == Order::kMarks) fence();
  operation.returned = now_ns();
  operation.end = End::kReturned;
  release(lane);
}

}  // namespace weft::linearize
