#include "primitives/base/mutex.h"

#include <algorithm>

#include "primitives/base/spin.h"

namespace weft::internal {
namespace {

constexpr std::uint32_t kMostShortPauses = 16;

}  // namespace

bool Mutex::take_while_spinning() {
  if (may_spin()) {
    for (Spin spin(looks(), SpinPauses(pauses_, std::max(pauses_, kMostShortPauses)));
         spin.again();) {
      std::uint32_t expected = kFree;
      if (seems_free() && take_if(expected)) return true;
    }
  }
  note_vain_wait();
  return false;
}

void Mutex::lock_slowly() {
  if (take_while_spinning()) return;
  // Once this thread may sleep, it takes the lock only as kContended (I1).
  while (take_contended() != kFree) futex::wait(state_, kContended, Deadline::never());
}

}  // namespace weft::internal
