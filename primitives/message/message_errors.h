// The errors of messages between processes, one type for each outcome that a caller may want to
// tell apart. Programming mistakes throw weft::ValueError and weft::RuntimeError as everywhere.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace weft::ipc {

// These bytes are no message of the type that was asked for: what() says what was expected and what
// came. Nothing is known of the sender; it may have been killed, be another build, or be hostile.
class DecodeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The connection has ended: every copy of its other end is closed, in all processes, and all that
// was sent has been received.
class EndOfFile : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Nobody will ever receive this: every copy of the other end is closed.
class BrokenPipeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The sender ended inside a message, or two sent pieces of theirs at once. Nothing more can be
// received.
class TruncatedMessage : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The message was longer than the caller allowed. Nothing more can be received.
class MessageTooLong : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What lies in the shared memory of a queue, or of a connection, was written by nobody who uses it
// as such: a stray pointer of some process. It is of no use any more.
class CorruptQueueError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The message did not fit into the caller's buffer. It is whole in here, and the connection goes
// on.
class BufferTooShort : public std::runtime_error {
 public:
  BufferTooShort(const std::string& what, std::vector<std::byte> message)
      : std::runtime_error(what), message_(std::move(message)) {}
  const std::vector<std::byte>& message() const { return message_; }

 private:
  std::vector<std::byte> message_;
};

}  // namespace weft::ipc
