#include "primitives/base/spin.h"

namespace weft::internal {

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
