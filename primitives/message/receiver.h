// Receiver: one message, from a socket alone or from a way.
//
// Thread safety: one thread.
// Invariants:    (I1) A receiver never waits for bytes that nobody has announced, and takes memory
//                     only as they come.
//                (I2) Pieces that do not follow each other are noticed: TruncatedMessage. So is a
//                     sender that ended between them; by a way, also if others hold its end.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "primitives/message/packets.h"
#include "primitives/message/way.h"

namespace weft::ipc::detail {

class Receiver {
 public:
  // Without a way, null, all comes by the socket.
  Receiver(int socket, Incoming* way) : socket_(socket), way_(way) {}

  // Waits for the message's beginning. What that brings of it is in `first`, and in `spill` what
  // did not fit. Returns the length of the message. Throws EndOfFile, TruncatedMessage,
  // CorruptQueueError.
  std::size_t begin(std::span<std::byte> first, std::span<std::byte, kSmall> spill);
  // Whether pieces follow, of which nobody is to take one for a message.
  bool has_pieces() const { return received_ < total_; }
  // The rest of the message, of which `message` is to be the whole. Both throw TruncatedMessage.
  void finish_into(std::span<std::byte> message);
  void finish(std::vector<std::byte>& message);

 private:
  Packet next_message(std::span<std::byte> to, std::span<std::byte> spill);
  Packet next_piece(std::span<std::byte> to);
  void take_piece(std::span<std::byte> to);
  [[noreturn]] void refuse_end() const;

  const int socket_;
  Incoming* const way_;
  std::optional<Announced> announced_;
  std::size_t total_ = 0;
  std::size_t received_ = 0;
};

}  // namespace weft::ipc::detail
