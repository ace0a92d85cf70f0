#include "primitives/message/connection.h"

#include <errno.h>
#include <sys/socket.h>

#include <algorithm>
#include <string>
#include <system_error>

#include "primitives/annotate.h"
#include "primitives/base/errors.h"
#include "primitives/message/packets.h"
#include "primitives/message/receiver.h"
#include "primitives/process/wait.h"

namespace weft::ipc {
namespace {

constexpr const char* kKind = "Connection";

[[noreturn]] void wrong_state(const char* operation, const char* why) {
  throw RuntimeError(std::string("Connection::") + operation + ": " + why);
}

class Waiting {
 public:
  explicit Waiting(const Connection* connection) : connection_(connection) {
    annotate::waiting(connection, kKind);
  }
  ~Waiting() { annotate::released(connection_, kKind); }  // nobody holds a connection
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  const Connection* const connection_;
};

}  // namespace

std::pair<Connection, Connection> pipe(bool duplex) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe: socketpair");
  }
  internal::Descriptor first(ends[0]);
  internal::Descriptor second(ends[1]);
  if (!duplex && ::shutdown(first.get(), SHUT_WR) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe: shutdown");
  }
  const std::shared_ptr<detail::Way> to_first = detail::make_way();
  const std::shared_ptr<detail::Way> to_second = duplex ? detail::make_way() : nullptr;
  return {Connection(std::move(first), to_first, to_second),
          Connection(std::move(second), to_second, to_first)};
}

Connection connection_over(internal::Descriptor socket) { return Connection(std::move(socket)); }

Connection::Connection(internal::Descriptor socket)
    : socket_(std::move(socket)), readable_(true), writable_(true) {
  piece_ = detail::enlarge_buffer(socket_.get());
}

Connection::Connection(internal::Descriptor socket, std::shared_ptr<detail::Way> in,
                       std::shared_ptr<detail::Way> out)
    : Connection(std::move(socket)) {
  readable_ = in != nullptr;
  writable_ = out != nullptr;
  if (in) in_ = std::make_unique<detail::Incoming>(std::move(in));
  if (out) out_ = std::make_unique<detail::Outgoing>(std::move(out));
}

Connection::Connection(Connection&&) noexcept = default;

Connection& Connection::operator=(Connection&& other) noexcept {
  if (this == &other) return *this;
  close();
  socket_ = std::move(other.socket_);
  in_ = std::move(other.in_);
  out_ = std::move(other.out_);
  readable_ = other.readable_;
  writable_ = other.writable_;
  is_cut_ = other.is_cut_;
  piece_ = other.piece_;
  return *this;
}

Connection::~Connection() {
  close();
  annotate::destroyed(this);
}

void Connection::close() {
  if (!socket_) return;
  socket_.reset();  // first: who is told looks whether that was the last copy
  if (in_) in_->tell_closed();
  if (out_) out_->tell_closed();
}

int Connection::fileno() const {
  const int socket = open_socket("fileno");
  return in_ ? in_->descriptor(socket) : socket;
}

int Connection::open_socket(const char* operation) const {
  if (!socket_) wrong_state(operation, "the connection is closed");
  return socket_.get();
}

int Connection::reading_socket(const char* operation) const {
  const int socket = open_socket(operation);
  if (!readable_) wrong_state(operation, "this end only sends");
  if (is_cut_) wrong_state(operation, "an earlier message was not received to its end");
  return socket;
}

int Connection::writing_socket(const char* operation) const {
  const int socket = open_socket(operation);
  if (!writable_) wrong_state(operation, "this end only receives");
  return socket;
}

void Connection::send_bytes(std::span<const std::byte> data) {
  const int socket = writing_socket("send");
  const Waiting waiting(this);
  if (out_) {
    out_->send(socket, data, piece_);
  } else {
    detail::send_message(socket, data, piece_);
  }
}

void Connection::send_bytes(std::span<const std::byte> data, std::size_t offset, std::size_t size) {
  if (offset > data.size()) throw ValueError("Connection::send_bytes: the offset is not inside");
  const std::size_t rest = data.size() - offset;
  if (size != kAnyLength && size > rest) {
    throw ValueError("Connection::send_bytes: the size is more than there is");
  }
  send_bytes(data.subspan(offset, std::min(size, rest)));
}

template <class Use>
auto Connection::receive(const char* operation, Use use) {
  detail::Receiver receiver(reading_socket(operation), in_.get());
  const Waiting waiting(this);
  try {
    return use(receiver);
  } catch (const TruncatedMessage&) {
    is_cut_ = true;
    throw;
  } catch (const MessageTooLong&) {
    is_cut_ = true;
    throw;
  } catch (...) {
    // What is left of the message stands where the next one is expected.
    is_cut_ = receiver.has_pieces();
    throw;
  }
}

std::vector<std::byte> Connection::receive_all(std::size_t most, const char* operation) {
  return receive(operation, [&](detail::Receiver& receiver) {
    std::byte small[detail::kSmall];
    const std::size_t size = receiver.begin({}, small);
    if (size > most) {
      throw MessageTooLong("Connection::recv: a message of " + std::to_string(size) +
                           " bytes, where " + std::to_string(most) + " were allowed");
    }
    std::vector<std::byte> message(small, small + (receiver.has_pieces() ? 0 : size));
    receiver.finish(message);
    return message;
  });
}

std::vector<std::byte> Connection::recv_bytes(std::size_t most) {
  return receive_all(most, "recv_bytes");
}

std::size_t Connection::recv_bytes_into(std::span<std::byte> buffer, std::size_t offset) {
  if (offset > buffer.size()) {
    throw ValueError("Connection::recv_bytes_into: the offset is not inside");
  }
  const std::span<std::byte> to = buffer.subspan(offset);
  return receive("recv_bytes_into", [&](detail::Receiver& receiver) {
    std::byte spill[detail::kSmall];
    const std::size_t size = receiver.begin(to, spill);
    if (size <= to.size()) {
      receiver.finish_into(to);
      return size;
    }
    std::vector<std::byte> message;
    if (!receiver.has_pieces()) {
      message.assign(to.begin(), to.end());
      message.insert(message.end(), spill, spill + (size - to.size()));
    }
    receiver.finish(message);
    throw BufferTooShort("Connection::recv_bytes_into: a message of " + std::to_string(size) +
                             " bytes for a buffer of " + std::to_string(to.size()),
                         std::move(message));
  });
}

bool Connection::poll_until(const Deadline& deadline) const {
  using Came = detail::Incoming::Came;
  const int socket = reading_socket("poll");
  const Came came = in_ ? in_->await(socket, deadline) : Came::kSocket;
  if (came != Came::kSocket) return came != Came::kOutOfTime;
  return !ipc::wait_until({socket}, deadline).empty();
}

}  // namespace weft::ipc
