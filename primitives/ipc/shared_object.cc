#include "primitives/ipc/shared_object.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <algorithm>
#include <system_error>

namespace weft::internal {
namespace {

[[noreturn]] void fail(int error) {
  throw std::system_error(error, std::system_category(), "memory that processes share");
}

}  // namespace

#if defined(WEFT_EXPLORE)

// The explorer knows one process, whose heap has the same addresses in each execution.
std::shared_ptr<void> share_bytes(std::size_t size) {
  constexpr std::size_t kAlignment = 128;
  const std::size_t whole = (std::max<std::size_t>(size, 1) + kAlignment - 1) & ~(kAlignment - 1);
  void* const bytes = whole < SIZE_MAX / 4 ? ::aligned_alloc(kAlignment, whole) : nullptr;
  if (bytes == nullptr) fail(ENOMEM);
  ::memset(bytes, 0, whole);
  return {bytes, [](void* all) {
            annotate::destroyed(all);
            ::free(all);
          }};
}

#else

std::shared_ptr<void> share_bytes(std::size_t size) {
  const std::size_t whole = std::max<std::size_t>(size, 1);
  void* const bytes =
      ::mmap(nullptr, whole, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (bytes == MAP_FAILED) fail(errno);
  return {bytes, [whole](void* all) {
            annotate::destroyed(all);
            (void)::munmap(all, whole);
          }};
}

#endif

}  // namespace weft::internal
