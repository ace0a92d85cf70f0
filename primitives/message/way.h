// Way: one direction of a pipe between processes: a ring in memory that both ends share for short
// messages, and the pipe's socket for what a ring cannot do.
//
//   what                      | goes by
//   a message of <= kSmall    | the ring, as one frame
//   a longer one              | a frame that announces it, and pieces by the socket (packets.h)
//   the end of the other side | the socket: the kernel closes it whoever is killed
//
// A descriptor can only be waited for if messages go by the socket. So a receiver that asks for one
// turns its way over, once and for all:
//
//   mode       | senders use | the receiver
//   kRing      | the ring    | reads the ring
//   kSwitching | the socket  | reads what the ring has left; a Bell of its own is readable so long
//   kSocket    | the socket  | reads the socket; the ring is empty
//
// A sender looks at the mode while it holds the put side's lock, and the last step is made by the
// receiver while it holds that lock, too, and the ring is empty: no frame comes after that.
//
// When a process dies, or closes its last copy ("soon": within 50 ms):
//
//   who, and where                 | what the others see
//   a sender, before it publishes  | nothing of the message; the next sender finds out soon
//   a sender, after that           | the message; a sleeping receiver finds it soon
//   a sender, inside pieces        | TruncatedMessage, soon, also if others hold its end
//   the last sender                | all that was published, then the end; soon if it was killed,
//                                  | at once if it closed
//   the receiver, inside a message | another copy's holder gets it, or it was taken; of a long one
//                                  | the rest is not what it expects: TruncatedMessage
//   the receiver, in the switch    | another copy's holder makes the step
//   the last receiver              | BrokenPipeError of the next send(): at once if it closed, else
//                                  | once kUnaskedTicks are over; soon for who waits for room
//
// A send() asks the kernel whether anybody can receive, which costs more than all the rest, only if
// this end has not done so within kUnaskedTicks, or an end was closed since. What is published in
// between for a receiver that is dead by then is lost, as if it had been killed a moment later.
//
// Thread safety: one Incoming of all copies receives at a time, any number of Outgoing send.
// Memory ordering: as of Ring: the bytes of a frame are released by the put side's word, a place
//                  that is free again by the get side's. The mode, closings and sleeps are seq_cst.
// Invariants:     (I1) Ring's, and: the get side's word is stored by who receives, without a lock.
//                 (I2) mode only grows. In kSocket the ring is empty.
//                 (I3) Who sends by the socket holds on_socket for all of a message, so those of
//                      several senders do not mix. Pieces that a frame has announced bear its
//                      serial, so they are not taken for those of another message.
// Non-invariants: that what lies in the ring is as it should be; it is checked, CorruptQueueError.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "primitives/base/deadline.h"
#include "primitives/ipc/owner.h"
#include "primitives/ipc/robust_word.h"
#include "primitives/ipc/shared_futex.h"
#include "primitives/message/ring.h"
#include "primitives/process/descriptor.h"

namespace weft::ipc::detail {

// Of the processor's clock: from two to ten microseconds.
inline constexpr std::uint64_t kUnaskedTicks = 8'000;

struct Way {
  enum Mode : std::uint32_t { kRing, kSwitching, kSocket };

  alignas(128) internal::SharedWord mode{kRing};
  // How often a copy of either end was closed by its owner.
  std::atomic<std::uint32_t> closings{0};
  internal::RobustWord on_socket;
  // Which lies behind this in the same memory.
  Ring& ring() { return *reinterpret_cast<Ring*>(this + 1); }
};
inline constexpr std::uint32_t kWayUnits = (std::uint32_t{256} << 10) / kUnit;

// In memory that children of fork() share. Throws std::system_error.
std::shared_ptr<Way> make_way();

// A long message, as its announcement says it.
struct Announced {
  std::uint64_t total;
  std::uint64_t serial;
  internal::OwnerId sender;
};

class Outgoing {
 public:
  explicit Outgoing(std::shared_ptr<Way> way) : way_(std::move(way)) {}

  // Waits for room. Throws BrokenPipeError, CorruptQueueError, std::system_error.
  void send(int socket, std::span<const std::byte> message, std::size_t& piece);
  // This copy was closed: who waits looks whether it was the last one.
  void tell_closed();
  Way& way_for_test() { return *way_; }

 private:
  bool publish(int socket, std::span<const std::byte> message, std::uint64_t& serial);
  void refuse_if_nobody_receives(int socket);
  void wait_for_room(int socket, std::uint32_t units);

  const std::shared_ptr<Way> way_;
  // Of this process. Several threads may send; which of them has asked is all the same.
  std::atomic<std::uint64_t> asked_{0};  // when, in ticks
  std::atomic<std::uint32_t> closings_{0};
};

class Incoming {
 public:
  explicit Incoming(std::shared_ptr<Way> way) : way_(std::move(way)) {}

  enum class Came { kFrame, kSocket, kEnd, kOutOfTime };
  // kFrame: take() gives a message. kSocket: it is to be looked for there. Throws
  // CorruptQueueError.
  Came await(int socket, const Deadline& deadline);

  // Of the frame that has come: the length of its message. Its bytes go to `first`, and into
  // `spill` what does not fit; of a long message there are none, but `announced`.
  std::size_t take(std::span<std::byte> first, std::span<std::byte> spill,
                   std::optional<Announced>& announced);
  // Whether a sender is still sending by the socket: the one of that message, if it was announced.
  bool is_under_way(const std::optional<Announced>& announced) const;

  // To be waited for: readable if a message or the end is there. Throws std::system_error.
  int descriptor(int socket);
  void tell_closed();

 private:
  struct Bell {
    weft::internal::Descriptor event;  // readable while the ring has something
    weft::internal::Descriptor both;   // that, or the socket
    bool is_up = true;
  };

  bool has_frame(bool look);
  bool finish_switch(const Deadline& deadline);
  void make_bell(int socket);
  void lower_bell();

  const std::shared_ptr<Way> way_;
  std::optional<Bell> bell_;
};

// Whether every copy of the other end is closed. Throws std::system_error.
bool is_other_end_gone(int socket);

}  // namespace weft::ipc::detail
