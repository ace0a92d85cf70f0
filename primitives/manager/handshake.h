// The first packets of a connection to a manager: both sides prove that they know the key, without
// sending it.
//
//   manager  Challenge  a number that was never used before
//   client   Answer     another one, and a digest of both under the key
//   manager  Welcome    a digest of both under the key, of another kind; or a refusal
//
// The digests name the side that made them, so neither is an answer to the other, and no recorded
// one is of use later.
//
// Thread safety: each function by one thread for a socket.
// Invariants:     (I1) Neither side reads more than 4 KiB of the other before the other has proved
//                      itself, nor allocates for what it reads.
//                 (I2) A process of another user is refused before anything is read of it.
//                 (I3) Both return or throw by the deadline.
#pragma once

#include <array>
#include <cstddef>

#include "primitives/base/deadline.h"
#include "primitives/manager/manager_errors.h"
#include "primitives/manager/sha256.h"

namespace weft::ipc {

// What a manager and its users know and nobody else.
struct AuthKey {
  std::array<std::byte, 32> bytes{};

  static AuthKey random();
};

namespace detail {

// Both throw AuthenticationError; EndOfFile if the other side has ended; std::system_error.
// The manager's side: tells the client when it refuses.
void authenticate_client(int socket, const AuthKey& key, const Deadline& deadline);
// The client's side.
void authenticate_manager(int socket, const AuthKey& key, const Deadline& deadline);

}  // namespace detail
}  // namespace weft::ipc
