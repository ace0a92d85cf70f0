#include "primitives/base/spin.h"

#include <sched.h>

namespace weft::internal {
namespace {

// Asked when the process begins, if nobody asks before.
[[maybe_unused]] const std::size_t asked_at_first = processors();

}  // namespace

std::size_t processors() {
  static const std::size_t count = [] {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof(set), &set) != 0) return std::size_t{1};
    return static_cast<std::size_t>(CPU_COUNT(&set));
  }();
  return count;
}

bool may_spin() {
#if defined(WEFT_EXPLORE)
  return false;
#else
  return processors() > 1;
#endif
}

Patience& this_threads_patience() {
  static constinit thread_local Patience patience;
  return patience;
}

}  // namespace weft::internal
