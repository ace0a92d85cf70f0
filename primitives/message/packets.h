// Packets: whole messages over a socket that keeps the borders of packets (SOCK_SEQPACKET).
//
// A message of at most kSmall bytes is one packet, so it is sent whole or not at all, whoever is
// killed, and two senders cannot mix theirs. A longer one is announced by a packet without content
// and follows in pieces. Every packet begins with a PacketHead.
//
// Thread safety: one thread receives and one sends, at a time.
// Invariants:     (I1) A receiver never waits for bytes that no packet has announced, and takes
//                      memory only as they come.
//                 (I2) Pieces that do not follow each other are noticed: TruncatedMessage.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace weft::ipc::detail {

struct PacketHead {
  std::uint64_t total;   // bytes of the message
  std::uint64_t offset;  // of this piece in it
};
inline constexpr std::size_t kSmall = 16 * 1024;
inline constexpr std::size_t kLargestPiece = 1024 * 1024;

// Asks for a large buffer, and returns how long pieces may be so that some fit into what is given.
std::size_t enlarge_buffer(int socket);

// Throws BrokenPipeError, std::system_error. `piece` shrinks if the kernel has no room for so many
// bytes in one.
void send_message(int socket, std::span<const std::byte> message, std::size_t& piece);

class Receiver {
 public:
  explicit Receiver(int socket) : socket_(socket) {}

  // Waits for the first packet. What it brings of the message is in `first`, and in `spill` what
  // did not fit. Returns the length of the message. Throws EndOfFile, TruncatedMessage.
  std::size_t begin(std::span<std::byte> first, std::span<std::byte, kSmall> spill);
  // Whether pieces follow, of which nobody is to take one for a message.
  bool has_pieces() const { return received_ < total_; }
  // The rest of the message, of which `message` is to be the whole. Both throw TruncatedMessage.
  void finish_into(std::span<std::byte> message);
  void finish(std::vector<std::byte>& message);

 private:
  struct Packet {
    PacketHead head;
    std::size_t content;
  };
  // Nothing came: the connection has ended.
  static constexpr std::size_t kEnd = std::numeric_limits<std::size_t>::max();
  Packet next(std::span<std::byte> to, std::span<std::byte> spill);
  void take_piece(std::span<std::byte> to);

  const int socket_;
  std::size_t total_ = 0;
  std::size_t received_ = 0;
};

}  // namespace weft::ipc::detail
