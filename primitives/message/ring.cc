#include "primitives/message/ring.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "primitives/ipc/shared_object.h"

namespace weft::ipc::detail {
namespace {

// Just before both numbers wrap around, so that every queue goes through that early in its life.
constexpr Place kBegin{.position = 0u - 64, .messages = Place::kMessages - 16};

std::size_t offset(std::uint32_t units, std::uint32_t position, std::size_t skip) {
  return (std::size_t{position} * kUnit + skip) & (std::size_t{units} * kUnit - 1);
}
// The part of `size` bytes at `offset` that lies before the ring's end.
std::size_t before_end(std::uint32_t units, std::size_t offset, std::size_t size) {
  return std::min(size, std::size_t{units} * kUnit - offset);
}

}  // namespace

Ring* make_ring_in(void* memory) { return new (memory) Ring(kBegin); }

std::shared_ptr<Ring> make_ring(std::uint32_t units) {
  std::shared_ptr<void> memory = internal::share_bytes(ring_size(units));
  Ring* const ring = make_ring_in(memory.get());
  return {std::move(memory), ring};
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
