#include "primitives/message/packets.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <system_error>

#include "primitives/message/message_errors.h"

namespace weft::ipc::detail {
namespace {

constexpr std::size_t kLeastPiece = 4096;

// False if the kernel has no room for so long a packet.
bool send_packet(int socket, PacketHead head, std::span<const std::byte> content) {
  iovec parts[] = {{.iov_base = &head, .iov_len = sizeof head},
                   {.iov_base = const_cast<std::byte*>(content.data()), .iov_len = content.size()}};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = std::size(parts);
  for (;;) {
    if (::sendmsg(socket, &message, MSG_NOSIGNAL) >= 0) return true;
    switch (errno) {
      case EINTR:
        break;
      case EPIPE:
      case ECONNRESET:  // it was closed with something of ours unread
        throw BrokenPipeError("Connection::send: every copy of the other end is closed");
      case EMSGSIZE:
      case ENOBUFS:
      case ENOMEM:
        if (content.size() > kLeastPiece) return false;
        [[fallthrough]];
      default:
        throw std::system_error(errno, std::generic_category(), "Connection::send");
    }
  }
}

}  // namespace

void refuse_mixed() {
  throw TruncatedMessage(
      "Connection::recv: a message is not whole: its sender gave up, or two sent at once");
}

std::size_t enlarge_buffer(int socket) {
  int bytes = 4 * static_cast<int>(kLargestPiece);
  // More than an administrator allows is cut down, without an error.
  (void)::setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  socklen_t size = sizeof bytes;
  if (::getsockopt(socket, SOL_SOCKET, SO_SNDBUF, &bytes, &size) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe: getsockopt");
  }
  return std::clamp(static_cast<std::size_t>(bytes) / 4, kLeastPiece, kLargestPiece);
}

void send_message(int socket, std::span<const std::byte> message, std::size_t& piece) {
  if (message.size() <= kSmall) {
    if (!send_packet(socket, {.total = message.size(), .offset = 0}, message)) {
      throw std::system_error(ENOBUFS, std::generic_category(), "Connection::send");
    }
    return;
  }
  (void)send_packet(socket, {.total = message.size(), .offset = 0}, {});
  send_pieces(socket, message, 0, piece);
}

void send_pieces(int socket, std::span<const std::byte> message, std::uint64_t serial,
                 std::size_t& piece) {
  for (std::size_t sent = 0; sent < message.size();) {
    const auto content = message.subspan(sent, std::min(piece, message.size() - sent));
    if (send_packet(socket, {.total = message.size(), .offset = sent, .serial = serial}, content)) {
      sent += content.size();
    } else {
      piece = std::max(kLeastPiece, content.size() / 2);
    }
  }
}

Packet receive_packet(int socket, std::span<std::byte> to, std::span<std::byte> spill,
                      Patience patience) {
  const int flags = patience == Patience::kWait ? 0 : MSG_DONTWAIT;
  Packet packet{};
  iovec parts[] = {{.iov_base = &packet.head, .iov_len = sizeof packet.head},
                   {.iov_base = to.data(), .iov_len = to.size()},
                   {.iov_base = spill.data(), .iov_len = spill.size()}};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = std::size(parts);
  for (;;) {
    const ssize_t got = ::recvmsg(socket, &message, flags);
    if (got > 0) {
      // A packet that is longer than a message may make it is of another message.
      if (static_cast<std::size_t>(got) < sizeof packet.head ||
          (message.msg_flags & MSG_TRUNC) != 0) {
        refuse_mixed();
      }
      packet.what = Packet::kPiece;
      packet.content = static_cast<std::size_t>(got) - sizeof packet.head;
      return packet;
    }
    if (got == 0) {
      packet.what = Packet::kEnd;
      return packet;
    }
    if (errno == EAGAIN) {
      packet.what = Packet::kNothing;
      return packet;
    }
    // ECONNRESET: the other end was closed with something of ours unread. It is said once; what
    // was sent before is still there.
    if (errno != EINTR && errno != ECONNRESET) {
      throw std::system_error(errno, std::generic_category(), "Connection::recv");
    }
  }
}

}  // namespace weft::ipc::detail
