#include "primitives/base/spin.h"

#include <sched.h>

namespace weft::internal {

bool may_spin() {
#if defined(WEFT_EXPLORE)
  return false;
#else
  static const bool several = [] {
    cpu_set_t set;
    CPU_ZERO(&set);
    return sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 1;
  }();
  return several;
#endif
}

Patience& this_threads_patience() {
  static constinit thread_local Patience patience;
  return patience;
}

}  // namespace weft::internal
