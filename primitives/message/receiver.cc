#include "primitives/message/receiver.h"

#include <errno.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <system_error>

#include "primitives/message/capacity.h"
#include "primitives/message/message_errors.h"

namespace weft::ipc::detail {
namespace {

// Who waits for the rest of a message looks so often whether its sender lives. Who waits for a
// message does not wake.
constexpr std::chrono::milliseconds kEachLook{25};

// Whether a packet, or the end, comes in that time.
bool comes_soon(int socket) {
  pollfd polled{.fd = socket, .events = POLLIN, .revents = 0};
  for (;;) {
    const int ready = ::poll(&polled, 1, static_cast<int>(kEachLook.count()));
    if (ready >= 0) return ready > 0;
    if (errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "Connection::recv: poll");
    }
  }
}

[[noreturn]] void refuse_after_end() {
  throw EndOfFile("Connection::recv: every copy of the other end is closed");
}

}  // namespace

void Receiver::refuse_end() const {
  throw TruncatedMessage("Connection::recv: the sender ended after " + std::to_string(received_) +
                         " of " + std::to_string(total_) + " bytes");
}

Packet Receiver::next_message(std::span<std::byte> to, std::span<std::byte> spill) {
  const Packet packet = receive_packet(socket_, to, spill);
  if (packet.what == Packet::kNothing) {  // who made the socket has given it a time-out
    throw std::system_error(EAGAIN, std::generic_category(), "Connection::recv");
  }
  return packet;
}

Packet Receiver::next_piece(std::span<std::byte> to) {
  if (way_ == nullptr) return next_message(to, {});
  bool is_over = false;
  for (;;) {
    const Packet packet = receive_packet(socket_, to, {}, Patience::kOnlyLook);
    if (packet.what != Packet::kNothing) return packet;
    // What it sent until it ended is there now: the socket is looked at once more.
    if (is_over) refuse_end();
    is_over = !comes_soon(socket_) && !way_->is_under_way(announced_);
  }
}

std::size_t Receiver::begin(std::span<std::byte> first, std::span<std::byte, kSmall> spill) {
  first = first.first(std::min(first.size(), kSmall));
  if (way_ != nullptr) {
    const Incoming::Came came = way_->await(socket_, Deadline::never());
    if (came == Incoming::Came::kEnd) refuse_after_end();
    if (came == Incoming::Came::kFrame) {
      total_ = way_->take(first, spill, announced_);
      received_ = announced_ ? 0 : total_;
      return total_;
    }
  }
  const Packet packet = next_message(first, spill);
  if (packet.what == Packet::kEnd) refuse_after_end();
  const bool is_small = packet.head.total <= kSmall;
  if (packet.head.offset != 0 || packet.head.serial != 0 ||
      packet.content != (is_small ? packet.head.total : 0)) {
    refuse_mixed();
  }
  total_ = packet.head.total;
  received_ = packet.content;
  return total_;
}

void Receiver::take_piece(std::span<std::byte> to) {
  const Packet packet = next_piece(to);
  if (packet.what == Packet::kEnd) refuse_end();
  if (packet.head.total != total_ || packet.head.offset != received_ ||
      packet.head.serial != (announced_ ? announced_->serial : 0) || packet.content == 0) {
    refuse_mixed();
  }
  received_ += packet.content;
}

void Receiver::finish_into(std::span<std::byte> message) {
  while (has_pieces()) take_piece(message.subspan(received_, total_ - received_));
}

void Receiver::finish(std::vector<std::byte>& message) {
  while (has_pieces()) {
    if (message.size() - received_ < std::min(kLargestPiece, total_ - received_)) {
      message.resize(capacity_for(received_, total_, message.size()));
    }
    take_piece(std::span(message).subspan(received_));
  }
}

}  // namespace weft::ipc::detail
