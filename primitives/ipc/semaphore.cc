#include "primitives/ipc/semaphore.h"

#include <string>

#include "primitives/base/errors.h"

namespace weft::ipc {
namespace {

constexpr const char* kKind = "ipc::Semaphore";

}  // namespace

std::uint32_t Semaphore::checked(std::int64_t value) {
  if (value < 0 || value > kMax) {
    throw ValueError("Semaphore: the value must be from 0 to " + std::to_string(kMax) + ", it is " +
                     std::to_string(value));
  }
  return static_cast<std::uint32_t>(value);
}

bool Semaphore::acquire_before(const Deadline& deadline) {
  annotate::waiting(shared_.get(), kKind);
  if (!deadline.is_never()) annotate::limited(shared_.get());
  const bool taken = shared_->permits.take_before(deadline);
  taken ? annotate::acquired(shared_.get(), kKind) : annotate::released(shared_.get(), kKind);
  return taken;
}

void Semaphore::release(std::int64_t n) {
  if (n < 1) throw ValueError("Semaphore::release: n must be above 0, it is " + std::to_string(n));
  annotate::released(shared_.get(), kKind);  // before the next holder can report itself
  if (n > kMax || !shared_->permits.give(static_cast<std::uint32_t>(n))) {
    throw ValueError("Semaphore::release: " + std::to_string(n) + " more would be above " +
                     std::to_string(kMax));
  }
}

}  // namespace weft::ipc
