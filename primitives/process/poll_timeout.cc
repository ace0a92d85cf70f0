#include "primitives/process/poll_timeout.h"

#include <time.h>

#include <algorithm>
#include <cstdint>

namespace weft::internal {

int poll_timeout(const Deadline& deadline) {
  if (deadline.is_never()) return -1;
  if (deadline.has_passed()) return 0;
  const timespec when = deadline.to_timespec();
  timespec now;
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const auto milliseconds = (std::int64_t{when.tv_sec} - now.tv_sec) * 1000 +
                            (when.tv_nsec - now.tv_nsec + 999'999) / 1'000'000;
  return static_cast<int>(std::clamp<std::int64_t>(milliseconds, 0, 1'000'000'000));
}

}  // namespace weft::internal
