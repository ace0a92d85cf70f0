// Stream: bytes from one process to another, through a ring in memory that both have.
//
// The writer copies bytes in and publishes them; the reader takes what is published. A message may
// be longer than the ring: then its writer goes on when the reader has made room.
//
// Thread safety: one thread writes, one reads; reset() while neither does.
// Invariants:     (I1) The reader gets the bytes in their order, each once.
//                 (I2) A writer that is killed has published whole pieces: the reader sees what
//                      came before, and no half-copied byte.
//                 (I3) Whatever the other process has written over the shared counts, neither side
//                      reads or writes outside the ring: it throws CorruptedError.
// Non-invariants: that either side waits. Who finds no room, or nothing to read, sleeps by a Bell.
// Memory ordering: what is read was written before it was published.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "primitives/process_pool/pool_errors.h"

namespace weft::internal {

struct Stream {
  static constexpr std::size_t kCapacity = std::size_t{1} << 18;

  void reset() {
    written.store(0);
    read.store(0);
    watched.store(0);
  }

  alignas(64) std::atomic<std::uint64_t> written{0};  // bytes, since reset(); the writer's
  // The reader looks, and need not be woken (watch.h). Beside the count: who looks has both.
  std::atomic<std::uint32_t> watched{0};
  alignas(64) std::atomic<std::uint64_t> read{0};  // the reader's
  alignas(64) std::byte ring[kCapacity];
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

class StreamWriter {
 public:
  explicit StreamWriter(Stream& stream) : stream_(&stream) {}

  std::size_t room() {
    std::size_t room = room_by(read_);
    if (room < kPlenty) {
      // acquire: pairs with the release in StreamReader::skip(): what the reader has copied out may
      // be written over.
      read_ = stream_->read.load(std::memory_order_acquire);
      room = room_by(read_);
      if (room > Stream::kCapacity) throw ipc::CorruptedError("a stream's reader is ahead of it");
    }
    return room;
  }
  // As many bytes as there is room for; how many.
  std::size_t write(std::span<const std::byte> bytes) {
    bytes = bytes.first(std::min(bytes.size(), room()));
    const std::size_t at = written_ % Stream::kCapacity;
    const std::size_t first = std::min(bytes.size(), Stream::kCapacity - at);
    if (first > 0) std::memcpy(stream_->ring + at, bytes.data(), first);
    if (bytes.size() > first) {
      std::memcpy(stream_->ring, bytes.data() + first, bytes.size() - first);
    }
    written_ += bytes.size();
    return bytes.size();
  }
  // A store in the order of all seq_cst operations: who then finds no sleeper by a Bell may rely on
  // the reader to look.
  void publish() { stream_->written.store(written_); }

 private:
  static constexpr std::size_t kPlenty = Stream::kCapacity / 2;

  std::size_t room_by(std::uint64_t read) const {
    return Stream::kCapacity - static_cast<std::size_t>(written_ - read);
  }

  Stream* stream_;
  std::uint64_t written_ = 0;
  std::uint64_t read_ = 0;  // as seen last
};

class StreamReader {
 public:
  explicit StreamReader(Stream& stream) : stream_(&stream) {}

  // Bytes that can be read. A load in the order of all seq_cst operations, as publish().
  std::size_t available() {
    const std::uint64_t available = stream_->written.load() - position();
    if (available > Stream::kCapacity) throw ipc::CorruptedError("a stream has more than it holds");
    return static_cast<std::size_t>(available);
  }
  // Without a look at whether the count makes sense. By any thread: for one that does not read it
  // may be out of date.
  bool is_empty() const { return stream_->written.load() == position(); }
  // Copies bytes that are available, and leaves them there.
  void peek(std::span<std::byte> to) const {
    const std::size_t at = position() % Stream::kCapacity;
    const std::size_t first = std::min(to.size(), Stream::kCapacity - at);
    if (first > 0) std::memcpy(to.data(), stream_->ring + at, first);
    if (to.size() > first) std::memcpy(to.data() + first, stream_->ring, to.size() - first);
  }
  // Copies them, and gives their room back.
  void read(std::span<std::byte> to) {
    peek(to);
    skip(to.size());
  }
  // Gives the room of bytes that are available back.
  void skip(std::size_t count) {
    const std::uint64_t position = this->position() + count;
    // relaxed: as in position().
    read_.store(position, std::memory_order_relaxed);
    // release: pairs with the acquire in StreamWriter::room().
    stream_->read.store(position, std::memory_order_release);
  }

 private:
  // relaxed: the reader's own; for others, who ask whether it is empty, a position that is out of
  // date lies before the right one, and so hides nothing.
  std::uint64_t position() const { return read_.load(std::memory_order_relaxed); }

  Stream* stream_;
  std::atomic<std::uint64_t> read_{0};
};

template <class T>
std::span<std::byte> bytes_of(T& object) {
  static_assert(std::is_trivially_copyable_v<T>);
  return std::as_writable_bytes(std::span<T, 1>(&object, 1));
}
template <class T>
std::span<const std::byte> bytes_of(const T& object) {
  static_assert(std::is_trivially_copyable_v<T>);
  return std::as_bytes(std::span<const T, 1>(&object, 1));
}

}  // namespace weft::internal
