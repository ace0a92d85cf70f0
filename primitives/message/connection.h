// Connection: one end of a pipe between processes, in the vocabulary of Python's multiprocessing.
//
//   auto [mine, theirs] = ipc::pipe();
//   ipc::Process child([&] { mine.close(); theirs.send(std::string("hello")); });
//   child.start();
//   theirs.close();  // or recv() never finds the end
//   std::string text = mine.recv<std::string>();
//
// A fork copies both ends. The end of what can be received is when *every* copy of the other end is
// closed, in all processes: each process closes the end that it does not use. A program that is
// started by Popen gets no copy.
//
// Short messages go through memory that both ends share, without a system call as long as both
// sides are awake; long ones through a socket, which also tells of the end. way.h has how, and what
// holds when which process dies where.
//
// Thread safety:  one thread receives at a time, or asks poll() or fileno(); so of processes. Any
//                 number send at once, from any copies, and each message is whole. Over a socket of
//                 one's own (connection_over) only one thread sends messages of over 16 KiB: those
//                 of two mix, which the receiver is told (TruncatedMessage).
// Memory ordering: what a process did before send() is done when recv() returns the message.
// Invariants:     (I1) Messages arrive in the order in which they were sent, each once and whole,
//                      or not at all; empty ones, too.
//                 (I2) The receiver is told if the sender ends, or is killed, inside a message;
//                      and of the end, at once after a close(), else within 50 ms. The sender is
//                      told that nobody receives, but for what it sends within some microseconds
//                      of the last receiver's being killed.
//                 (I3) No signal is sent for a broken pipe, and none interrupts an operation.
// Non-invariants: send() waits while the other side does not receive: two that both send first, and
//                 much, wait for each other for ever. That poll() says yes does not promise a
//                 message: it may be the end, and then recv() throws.
#pragma once

#include <chrono>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "primitives/base/deadline.h"
#include "primitives/message/codec.h"
#include "primitives/message/message_errors.h"
#include "primitives/message/way.h"
#include "primitives/process/descriptor.h"

namespace weft::ipc {

class Connection {
 public:
  static constexpr std::size_t kAnyLength = std::numeric_limits<std::size_t>::max();

  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  // Throw BrokenPipeError if nobody can receive it any more; ValueError for a value that cannot be
  // encoded, or for a part that is not inside `data`.
  template <class T>
  void send(const T& value);
  void send_bytes(std::span<const std::byte> data);
  void send_bytes(std::span<const std::byte> data, std::size_t offset,
                  std::size_t size = kAnyLength);

  // Wait for a message. Throw EndOfFile, TruncatedMessage; MessageTooLong for one that is longer
  // than `most` bytes. After the last two nothing can be received here any more (RuntimeError).
  // recv() throws DecodeError for a message of another type, and the connection goes on.
  template <class T>
  T recv(std::size_t most = kAnyLength);
  std::vector<std::byte> recv_bytes(std::size_t most = kAnyLength);
  // Into `buffer` from `offset` on; returns the message's length. Throws BufferTooShort, which has
  // the message, and ValueError for an offset that is not inside.
  std::size_t recv_bytes_into(std::span<std::byte> buffer, std::size_t offset = 0);

  // Whether recv() would not wait.
  bool poll() const { return poll_until(Deadline::passed()); }
  template <class Rep, class Period>
  bool poll_for(const std::chrono::duration<Rep, Period>& timeout) const {
    return poll_until(Deadline::after(timeout));
  }
  bool poll_until(const Deadline& deadline) const;

  // Of this copy. After it everything but close() and closed() throws RuntimeError.
  void close();
  bool closed() const { return !socket_; }
  // For wait() (process/wait.h), which waits for several, and for processes. From the first call on
  // what is sent to this end goes by a socket, which takes some ten times as long (way.h).
  int fileno() const;
  // What is sent from here goes by; null over a socket of one's own.
  detail::Way* way_for_test() { return out_ ? &out_->way_for_test() : nullptr; }
  bool readable() const { return readable_; }
  bool writable() const { return writable_; }

 private:
  friend std::pair<Connection, Connection> pipe(bool duplex);
  friend Connection connection_over(weft::internal::Descriptor socket);
  explicit Connection(weft::internal::Descriptor socket);
  // Null where it does not receive, or not send.
  Connection(weft::internal::Descriptor socket, std::shared_ptr<detail::Way> in,
             std::shared_ptr<detail::Way> out);

  int open_socket(const char* operation) const;
  int reading_socket(const char* operation) const;
  int writing_socket(const char* operation) const;
  // `use` receives; what it throws says whether more can be received.
  template <class Use>
  auto receive(const char* operation, Use use);
  std::vector<std::byte> receive_all(std::size_t most, const char* operation);

  weft::internal::Descriptor socket_;
  // Null if all goes by the socket.
  std::unique_ptr<detail::Incoming> in_;
  std::unique_ptr<detail::Outgoing> out_;
  bool readable_;
  bool writable_;
  bool is_cut_ = false;  // inside a message
  std::size_t piece_ = 0;
};

// Two ends that are connected: both may send and receive; or, if not duplex, the first only
// receives and the second only sends. Throws std::system_error.
std::pair<Connection, Connection> pipe(bool duplex = true);
// Over a connected socket of type SOCK_SEQPACKET.
Connection connection_over(weft::internal::Descriptor socket);

template <class T>
void Connection::send(const T& value) {
  (void)writing_socket("send");
  if constexpr (kFixedSize<T>) {
    constexpr std::size_t kSize = detail::kHeader + detail::CodecOf<T>::least();
    if constexpr (kSize <= 1024) {
      std::byte buffer[kSize];
      return send_bytes(std::span(buffer).first(encode_into(buffer, value)));
    }
  }
  send_bytes(encode(value));
}

template <class T>
T Connection::recv(std::size_t most) {
  if constexpr (kFixedSize<T>) {
    constexpr std::size_t kSize = detail::kHeader + detail::CodecOf<T>::least();
    if constexpr (kSize <= 1024) {
      if (most == kAnyLength) {
        std::byte buffer[kSize];
        try {
          return decode<T>(std::span(buffer).first(recv_bytes_into(buffer)));
        } catch (const BufferTooShort& error) {
          return decode<T>(error.message());
        }
      }
    }
  }
  return decode<T>(recv_bytes(most));
}

}  // namespace weft::ipc
