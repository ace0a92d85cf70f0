// wait(): until one of several descriptors can be read: the sentinel of a process that has ended, a
// connection with a message or whose other side is closed.
//
//   weft::ipc::wait({first.sentinel(), second.sentinel()});
//
// Thread safety: any thread. The descriptors must stay open.
// Memory ordering: none.
#pragma once

#include <chrono>
#include <vector>

#include "primitives/base/deadline.h"

namespace weft::ipc {

// Those that can be read, in the order given; none if the deadline has passed. Throws ValueError
// for a descriptor that is not open, and for none at all without a time-out.
std::vector<int> wait_until(const std::vector<int>& descriptors, const Deadline& deadline);

inline std::vector<int> wait(const std::vector<int>& descriptors) {
  return wait_until(descriptors, Deadline::never());
}
template <class Rep, class Period>
std::vector<int> wait_for(const std::vector<int>& descriptors,
                          const std::chrono::duration<Rep, Period>& timeout) {
  return wait_until(descriptors, Deadline::after(timeout));
}

}  // namespace weft::ipc
