// Ring: the shared state of a queue between processes, and how messages lie in it.
//
// Messages lie as frames, in units of 16 bytes, in a ring whose size is a power of two: a FrameHead
// and the bytes of one piece of a message. A put side and a get side have a lock each (robust, so a
// killed holder is noticed), and one word each that says all that the other side must know:
//
//   bits 32..63 | position: units written (read) since the queue was made, modulo 2^32
//   bits  1..31 | messages: finished (taken), modulo 2^31
//   bit       0 | of the put side: the last frame is not its message's last, more is to come
//
// Invariants:
//   (I1) A frame is written before the put side's word covers it, and copied out before the get
//        side's word passes it; each word changes by one store. So whoever is killed, every frame
//        between the two words is whole, and counts exactly once.
//   (I2) Only the holder of a side's lock stores its word; positions and messages only grow, but
//        for pieces that a putter takes back while it holds both sides; and the get side's never
//        pass the put side's.
//   (I3) Frames of one message follow each other. If a frame that begins a message comes where a
//        later piece was due, or bit 0 is clear and no frame is left, the process that was putting
//        the message has ended inside it; if a later piece comes where a beginning was due, the
//        process that was getting it has. What there is of the message is then discarded.
// Non-invariants: that any of it is as it should be: a process with a stray pointer may write
//                 anywhere. Whatever is read from here is checked before it is used as an index.
// Memory ordering: stores of the two words are seq_cst: each is followed by a look at whether the
// other side sleeps, which itself says so before it looks at the word; one of the two sees the
// other. They also release the bytes of the ring to the other side, whose loads acquire them.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "primitives/ipc/robust_word.h"
#include "primitives/ipc/shared_futex.h"

namespace weft::ipc::detail {

inline constexpr std::size_t kUnit = 16;

struct Place {
  static constexpr std::uint32_t kMessages = (std::uint32_t{1} << 31) - 1;

  std::uint32_t position = 0;
  std::uint32_t messages = 0;
  bool unfinished = false;

  static Place of(std::uint64_t word) {
    return {.position = static_cast<std::uint32_t>(word >> 32),
            .messages = static_cast<std::uint32_t>(word) >> 1,
            .unfinished = (word & 1) != 0};
  }
  std::uint64_t word() const {
    return std::uint64_t{position} << 32 | std::uint64_t{messages} << 1 | (unfinished ? 1 : 0);
  }
};
inline std::uint32_t messages_between(Place get, Place put) {
  return (put.messages - get.messages) & Place::kMessages;
}
inline std::uint32_t units_between(Place get, Place put) { return put.position - get.position; }

struct FrameHead {
  static constexpr std::uint16_t kMark = 0x5aa5;
  enum : std::uint16_t { kFirst = 1, kLast = 2 };

  std::uint64_t total;  // bytes of the message
  std::uint32_t bytes;  // of this piece
  std::uint16_t flags;
  std::uint16_t mark;
};
static_assert(sizeof(FrameHead) == kUnit);

inline constexpr std::uint64_t units_of(std::uint64_t bytes) { return (bytes + kUnit - 1) / kUnit; }

// A side: what its holder changes, on lines of its own.
struct alignas(128) Side {
  internal::RobustWord lock;
  std::uint64_t other = 0;  // the other side's word as last seen; by the lock's holder
  alignas(64) std::atomic<std::uint64_t> word{0};
  // Not 0 while the holder sleeps until the other side's word changes: the units it waits for.
  alignas(64) internal::SharedWord sleeps{0};
};

struct Ring {
  explicit Ring(Place begin) {
    put.word = get.word = put.other = get.other = begin.word();
    done = begin.messages;
  }

  Side put, get;
  alignas(64) std::atomic<std::uint32_t> done;  // task_done() calls, modulo 2^31
  internal::SharedWord joiners{0};              // 1 while somebody waits for the last of them
  std::atomic<std::uint64_t> torn{0};           // messages that were discarded by (I3)
};

// A ring lies in memory of so many bytes: its own bytes follow it.
inline constexpr std::size_t ring_size(std::uint32_t units) {
  return sizeof(Ring) + std::size_t{units} * kUnit;
}
Ring* make_ring_in(void* memory);
// In memory that children of fork() share, and nobody else can get at. Throws std::system_error.
std::shared_ptr<Ring> make_ring(std::uint32_t units);
inline std::byte* bytes_of(Ring& ring) { return reinterpret_cast<std::byte*>(&ring + 1); }

// What is in a ring is whole whoever died while holding a lock of it (I1).
inline constexpr auto kNothingToRepair = [] {};
// Who holds a lock of a ring for longer is waited for in several glances.
inline constexpr std::chrono::milliseconds kGlance{1};

// Gives a lock back that the calling thread has taken.
class RobustHold {
 public:
  explicit RobustHold(internal::RobustWord& lock) : lock_(lock) {}
  ~RobustHold() { (void)lock_.unlock(); }
  RobustHold(const RobustHold&) = delete;
  RobustHold& operator=(const RobustHold&) = delete;

 private:
  internal::RobustWord& lock_;
};

// Wakes who sleeps on one side's mark, if anybody does.
inline void wake(internal::SharedWord& sleeps) {
  if (sleeps.load() != 0 && sleeps.exchange(0) != 0) {
    internal::wake_shared(internal::low_half(sleeps), 1);
  }
}

// A head is one unit, which the ring's end never cuts.
void write_head(Ring& ring, std::uint32_t units, std::uint32_t position, const FrameHead& head);
FrameHead read_head(Ring& ring, std::uint32_t units, std::uint32_t position);

// Into and out of the ring's bytes, from a unit on, `skip` bytes further; around its end.
void copy_in(Ring& ring, std::uint32_t units, std::uint32_t position, std::size_t skip,
             std::span<const std::byte> from);
void copy_out(Ring& ring, std::uint32_t units, std::uint32_t position, std::size_t skip,
              std::span<std::byte> to);

}  // namespace weft::ipc::detail
