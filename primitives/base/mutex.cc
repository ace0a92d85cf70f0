#include "primitives/base/mutex.h"

namespace weft::internal {

void Mutex::lock_slowly(std::uint32_t seen) {
  // Once this thread may sleep, it takes the lock only as kContended (I1).
  if (seen != kContended) seen = take_contended();
  while (seen != kFree) {
    futex::wait(state_, kContended, Deadline::never());
    seen = take_contended();
  }
}

}  // namespace weft::internal
