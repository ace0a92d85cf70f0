// Packets: whole messages over a socket that keeps the borders of packets (SOCK_SEQPACKET).
//
// A message of at most kSmall bytes is one packet, so it is sent whole or not at all, whoever is
// killed, and two senders cannot mix theirs. A longer one is announced by a packet without content
// and follows in pieces. Every packet begins with a PacketHead.
//
// Thread safety: one thread receives and one sends, at a time.
// Invariant:      a packet is sent whole or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace weft::ipc::detail {

struct PacketHead {
  std::uint64_t total;   // bytes of the message
  std::uint64_t offset;  // of this piece in it
  // Of pieces that a frame of a ring has announced: which one; else 0.
  std::uint64_t serial = 0;
};
inline constexpr std::size_t kSmall = 16 * 1024;
inline constexpr std::size_t kLargestPiece = 1024 * 1024;

// Asks for a large buffer, and returns how long pieces may be so that some fit into what is given.
std::size_t enlarge_buffer(int socket);

// Both throw BrokenPipeError, std::system_error. `piece` shrinks if the kernel has no room for so
// many bytes in one.
void send_message(int socket, std::span<const std::byte> message, std::size_t& piece);

// The pieces of a message that was announced elsewhere, by that serial.
void send_pieces(int socket, std::span<const std::byte> message, std::uint64_t serial,
                 std::size_t& piece);

struct Packet {
  enum What { kPiece, kEnd, kNothing };

  What what;
  PacketHead head;
  std::size_t content;  // bytes of it
};
// Waits for one, as long as the socket's time-out for that if it has one; with kOnlyLook not at
// all. kNothing if none has come. Throws TruncatedMessage for what no sender sends, and
// std::system_error.
enum class Patience { kWait, kOnlyLook };
Packet receive_packet(int socket, std::span<std::byte> to, std::span<std::byte> spill,
                      Patience patience = Patience::kWait);

// What came is not what must follow.
[[noreturn]] void refuse_mixed();

}  // namespace weft::ipc::detail
