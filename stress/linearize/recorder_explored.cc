// The recorder's clock under the explorer.
#include <new>

#include "stress/explore/explore.h"
#include "stress/linearize/recorder.h"

namespace weft::linearize {

static_assert(sizeof(explore::Outside) + sizeof(explore::Uncounted) <= 2 * sizeof(std::uintptr_t));

Unrecorded::Unrecorded() : was_() {
  new (&was_[0]) explore::Uncounted();
  new (&was_[1]) explore::Outside();
}

Unrecorded::~Unrecorded() {
  reinterpret_cast<explore::Outside*>(&was_[1])->~Outside();
  reinterpret_cast<explore::Uncounted*>(&was_[0])->~Uncounted();
}

// What a thread does in a trial is no part of the execution.
void Recorder::invoke(unsigned lane, std::size_t place, bool is_promised) {
  const Unrecorded harness;
  if (explore::in_trial()) return;
  lanes_[lane][place].invoked = ++marks_;
  if (is_promised) explore::begin_call();
}

void Recorder::returns(unsigned lane, std::size_t place) {
  const Unrecorded harness;
  if (explore::in_trial()) return;
  explore::end_call();
  Operation& operation = lanes_[lane][place];
  operation.returned = ++marks_;
  operation.end = End::kReturned;
}

}  // namespace weft::linearize
