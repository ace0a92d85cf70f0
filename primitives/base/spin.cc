#include "primitives/base/spin.h"

#include <sched.h>

namespace weft::internal {
namespace {

// As the process began: later a thread may be bound to one processor by itself. False before.
[[maybe_unused]] const bool has_several_processors = [] {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 1;
}();

}  // namespace

bool may_spin() {
#if defined(WEFT_EXPLORE)
  return false;
#else
  return has_several_processors;
#endif
}

Patience& this_threads_patience() {
  static constinit thread_local Patience patience;
  return patience;
}

}  // namespace weft::internal
