// The recorder's clock on real threads.
#include <atomic>
#include <chrono>

#include "stress/linearize/recorder.h"

namespace weft::linearize {
namespace {

std::uint64_t now_ns() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                        std::chrono::steady_clock::now().time_since_epoch())
                                        .count());
}

// A store of the call may still lie in this core's buffer, and a load of the call may be done
// before the clock is read: without the fences the times would claim an order that there was not.
// Fences alone order no other thread, and none for ThreadSanitizer.
void fence() { std::atomic_thread_fence(std::memory_order_seq_cst); }

}  // namespace

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
