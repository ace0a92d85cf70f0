// Exchange: what goes to a program's standard input and comes from its outputs, all at once, so
// that neither side waits for the other for ever, whatever the sizes.
//
// Thread safety: one thread at a time.
// Invariant: nothing that was read or written is forgotten when a step ends early; the next goes on
// from there.
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>

#include "primitives/base/deadline.h"
#include "primitives/process/descriptor.h"

namespace weft::internal {

class Exchange {
 public:
  // Ends of pipes that do not block; closed where there are none.
  Exchange(Descriptor in, Descriptor out, Descriptor err);

  void send(std::string input) { input_ = std::move(input); }
  std::size_t sent() const { return sent_; }
  // So many bytes of each output are held at most.
  void limit_output(std::size_t bytes) { limit_ = bytes; }

  enum class Result { kAll, kDeadline, kTooLong };
  // Until all is written and the outputs have ended. kAll also if the program does not read, or
  // closes what it was to read.
  Result run(const Deadline& deadline);
  // What is there to be read now, without waiting.
  void drain();

  // Captured so far; nothing where there is no pipe.
  const std::optional<std::string>& out() const { return held_[0]; }
  const std::optional<std::string>& err() const { return held_[1]; }
  std::optional<std::string> take_out() { return std::move(held_[0]); }
  std::optional<std::string> take_err() { return std::move(held_[1]); }

  Descriptor& in_end() { return in_; }
  Descriptor& out_end() { return ends_[0]; }
  Descriptor& err_end() { return ends_[1]; }

 private:
  void write_some();
  // False if the output is over the limit.
  bool read_some(std::size_t which);

  Descriptor in_;
  std::array<Descriptor, 2> ends_;
  std::string input_;
  std::size_t sent_ = 0;
  std::size_t limit_ = std::numeric_limits<std::size_t>::max();
  std::array<std::optional<std::string>, 2> held_;
};

// write() that says EPIPE and sends no SIGPIPE.
ssize_t write_without_signal(int fd, const char* data, std::size_t bytes);

}  // namespace weft::internal
