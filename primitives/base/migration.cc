#include "primitives/base/migration.h"

#include <sched.h>

#include <algorithm>
#include <cstddef>

namespace weft::internal {

int this_processor() {
#if defined(WEFT_EXPLORE)
  return -1;
#else
  return sched_getcpu();
#endif
}

Elsewhere::Elsewhere(pid_t thread) : thread_(thread) {
  const int here = this_processor();
  if (here < 0 || static_cast<std::size_t>(here) >= Affinities::kMostProcessors) return;
  if (!get(before_)) return;
  const auto bit = static_cast<std::size_t>(here);
  Set without = before_;
  without[bit / Affinities::kBitsOfWord] &= ~(1UL << bit % Affinities::kBitsOfWord);
  const bool has_others =
      std::any_of(without.begin(), without.end(), [](unsigned long word) { return word != 0; });
  is_kept_off_ = has_others && without != before_ && bind(without);
}

Elsewhere::~Elsewhere() {
  if (!is_kept_off_) return;
  // Bound to all that there may ever be is as good as not bound. If that lets it run where it could
  // not before, it was bound, and is so again.
  Set all;
  all.fill(~0UL);
  Set after;
  if (!bind(all) || !get(after) || after != before_) (void)bind(before_);
}

bool Elsewhere::get(Set& set) const {
  set = {};
  return sched_getaffinity(thread_, sizeof(set), reinterpret_cast<cpu_set_t*>(set.data())) == 0;
}

bool Elsewhere::bind(const Set& set) const {
  return sched_setaffinity(thread_, sizeof(set), reinterpret_cast<const cpu_set_t*>(set.data())) ==
         0;
}

}  // namespace weft::internal
