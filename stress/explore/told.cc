// What the tested code tells by stress/weft.h; its events are the harness's.
#include "stress/explore/interpose.h"

using namespace weft::explore;

extern "C" {

void weft_on_uninteresting() {
  if (!controlled()) return;
  rt.current->pending = {};
  rt.outcome.of_no_interest = true;
  end_execution(Finding::kNone, "");
}

void weft_on_atomic(int begins) {
  if (!controlled()) return;
  if (begins != 0) {
    begin_atomic();
  } else if (rt.current->refused > rt.current->static_depth) {
    end_atomic();
  } else {
    rt.current->pending = operation(Op::kNone, nullptr, WEFT_EXPLORE_PC());
    end_execution(Finding::kMisuse, "weft_atomic_end() without a weft_atomic_begin()");
  }
}
}
