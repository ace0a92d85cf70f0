#include "primitives/message/ring.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>

#include "primitives/annotate.h"

namespace weft::ipc::detail {
namespace {

// Just before both numbers wrap around, so that every queue goes through that early in its life.
constexpr Place kBegin{.position = 0u - 64, .messages = Place::kMessages - 16};

#if defined(WEFT_EXPLORE)
// The explorer knows one process, whose heap has the same addresses in each execution.
void* take_memory(std::size_t bytes) {
  void* const memory = ::operator new(bytes, std::align_val_t{alignof(Ring)});
  std::memset(memory, 0, bytes);
  return memory;
}
void give_back(void* memory, std::size_t) {
  ::operator delete(memory, std::align_val_t{alignof(Ring)});
}
#else
// No descriptor leads to it, so nobody can cut it off.
void* take_memory(std::size_t bytes) {
  void* const memory =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    throw std::system_error(errno, std::generic_category(), "shared memory for a queue");
  }
  return memory;
}
void give_back(void* memory, std::size_t bytes) { (void)::munmap(memory, bytes); }
#endif

std::size_t offset(std::uint32_t units, std::uint32_t position, std::size_t skip) {
  return (std::size_t{position} * kUnit + skip) & (std::size_t{units} * kUnit - 1);
}
// The part of `size` bytes at `offset` that lies before the ring's end.
std::size_t before_end(std::uint32_t units, std::size_t offset, std::size_t size) {
  return std::min(size, std::size_t{units} * kUnit - offset);
}

}  // namespace

std::shared_ptr<Ring> make_ring(std::uint32_t units) {
  const std::size_t bytes = sizeof(Ring) + std::size_t{units} * kUnit;
  const auto destroy = [bytes](Ring* ring) {
    annotate::destroyed(ring);
    give_back(ring, bytes);
  };
  return {new (take_memory(bytes)) Ring(kBegin), destroy};
}

void copy_in(Ring& ring, std::uint32_t units, std::uint32_t position, std::size_t skip,
             std::span<const std::byte> from) {
  if (from.empty()) return;
  std::byte* const to = bytes_of(ring);
  const std::size_t at = offset(units, position, skip);
  const std::size_t first = before_end(units, at, from.size());
  std::memcpy(to + at, from.data(), first);
  if (first != from.size()) std::memcpy(to, from.data() + first, from.size() - first);
}

void write_head(Ring& ring, std::uint32_t units, std::uint32_t position, const FrameHead& head) {
  std::memcpy(bytes_of(ring) + offset(units, position, 0), &head, sizeof head);
}

FrameHead read_head(Ring& ring, std::uint32_t units, std::uint32_t position) {
  FrameHead head;
  std::memcpy(&head, bytes_of(ring) + offset(units, position, 0), sizeof head);
  return head;
}

void copy_out(Ring& ring, std::uint32_t units, std::uint32_t position, std::size_t skip,
              std::span<std::byte> to) {
  if (to.empty()) return;
  const std::byte* const from = bytes_of(ring);
  const std::size_t at = offset(units, position, skip);
  const std::size_t first = before_end(units, at, to.size());
  std::memcpy(to.data(), from + at, first);
  if (first != to.size()) std::memcpy(to.data() + first, from, to.size() - first);
}

}  // namespace weft::ipc::detail
