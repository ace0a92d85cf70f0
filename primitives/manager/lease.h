// A lease: what keeps an object of a manager alive, as a descriptor, so that the kernel counts. The
// client has the writing end of a pipe, which a fork copies; the manager has the reading end, and
// is told when no process has a copy any more, however the last one ended.
//
// It travels as a packet of its own, after the reply that brings the object's name.
//
// Thread safety: one thread sends and one receives on a socket.
#pragma once

#include <utility>

#include "primitives/process/descriptor.h"

namespace weft::ipc::detail {

// Reading end, writing end. Throws std::system_error.
std::pair<weft::internal::Descriptor, weft::internal::Descriptor> make_lease();

// False if the other side has ended.
bool send_lease(int socket, const weft::internal::Descriptor& lease);
// Throws EndOfFile, std::system_error.
weft::internal::Descriptor receive_lease(int socket);

}  // namespace weft::ipc::detail
