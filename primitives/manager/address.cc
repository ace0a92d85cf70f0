#include "primitives/manager/address.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <system_error>

#include "primitives/base/errors.h"
#include "primitives/manager/random.h"

namespace weft::ipc::detail {

using weft::internal::Descriptor;

namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

// As the system calls want it.
struct Name {
  explicit Name(const std::string& address) {
    if (address.empty() || address.size() >= sizeof name.sun_path) {
      throw ValueError("manager: not an address: '" + address + "'");
    }
    name.sun_family = AF_UNIX;
    // The first byte stays 0, which stands for the abstract namespace.
    std::memcpy(name.sun_path + 1, address.data(), address.size());
    size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + address.size());
  }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&name); }

  sockaddr_un name{};
  socklen_t size = 0;
};

Descriptor new_socket(int flags) {
  Descriptor socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0));
  if (!socket) fail("manager: socket");
  return socket;
}

void limit_waits(const Descriptor& socket, std::chrono::seconds limit) {
  const timeval time{.tv_sec = limit.count(), .tv_usec = 0};
  (void)::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

}  // namespace

std::string random_address() {
  std::string address = "weft-manager-";
  for (const std::uint64_t part : random_token()) {
    for (int shift = 60; shift >= 0; shift -= 4) address += "0123456789abcdef"[part >> shift & 15];
  }
  return address;
}

Descriptor listen_at(const std::string& address) {
  const Name name(address);
  Descriptor socket = new_socket(SOCK_NONBLOCK);
  if (::bind(socket.get(), name.get(), name.size) != 0) fail("manager: bind");
  if (::listen(socket.get(), SOMAXCONN) != 0) fail("manager: listen");
  return socket;
}

Descriptor connect_to(const std::string& address, std::chrono::seconds limit) {
  const Name name(address);
  Descriptor socket = new_socket(0);
  limit_waits(socket, limit);
  int result = 0;
  do {
    result = ::connect(socket.get(), name.get(), name.size);
  } while (result != 0 && errno == EINTR);
  if (result != 0) fail("manager: connect");
  limit_waits(socket, std::chrono::seconds(0));  // without end
  return socket;
}

}  // namespace weft::ipc::detail
