#include "primitives/manager/random.h"

#include <errno.h>
#include <sys/random.h>

#include <system_error>

namespace weft::ipc::detail {

void fill_with_random(std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t got = ::getrandom(bytes.data(), bytes.size(), 0);
    if (got < 0 && errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "getrandom");
    }
    if (got > 0) bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
}

Token random_token() {
  Token token;
  fill_with_random(std::as_writable_bytes(std::span(token)));
  return token;
}

}  // namespace weft::ipc::detail
