// A semaphore; a bounded one throws where a release would pass its first value
// (primitives/threading/semaphore.h).
//
// Thread safety: values.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "stress/linearize/model.h"

namespace weft::linearize::models {

struct Semaphore {
  std::int64_t count = 1;
  std::int64_t most = std::numeric_limits<std::int64_t>::max();

  Waits<> acquire() {
    if (count == 0) return not_enabled;
    --count;
    return done;
  }
  bool try_acquire() {
    if (count == 0) return false;
    --count;
    return true;
  }
  Gives<> release(std::optional<std::int64_t> number) {
    const std::int64_t n = number.value_or(1);
    if (n < 1 || n > most - count) return throws("ValueError");
    count += n;
    return done;
  }
  std::int64_t value() const { return count; }
};

inline ModelOf<Semaphore> semaphore_from(const char* name, Semaphore initial) {
  return ModelOf<Semaphore>(name, initial)
      .operation("acquire", &Semaphore::acquire)
      .operation("try_acquire", &Semaphore::try_acquire)
      .operation("release", &Semaphore::release)
      .operation("value", &Semaphore::value);
}
inline ModelOf<Semaphore> semaphore(std::int64_t initial = 1) {
  return semaphore_from("semaphore", {initial});
}
inline ModelOf<Semaphore> bounded_semaphore(std::int64_t initial = 1) {
  return semaphore_from("bounded_semaphore", {initial, initial});
}

}  // namespace weft::linearize::models
