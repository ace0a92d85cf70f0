// Descriptor: owns an open file descriptor.
//
// Thread safety: one thread at a time. Not copyable, so none is closed twice.
#pragma once

#include <unistd.h>

#include <utility>

namespace weft::internal {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    reset(std::exchange(other.fd_, -1));
    return *this;
  }
  ~Descriptor() { reset(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  // Closed even if close() says EINTR: on Linux the number is free then.
  void reset(int fd = -1) {
    if (const int old = std::exchange(fd_, fd); old >= 0) (void)::close(old);
  }

 private:
  int fd_ = -1;
};

}  // namespace weft::internal
