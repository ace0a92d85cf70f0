// Channel: the client's end of a connection to a manager, for one call at a time.
//
// Thread safety: one thread at a time.
// Invariants:     (I1) A call gets the reply to its own request or throws: a reply to an earlier
//                      one, which was given up, is dropped.
#pragma once

#include <cstdint>
#include <utility>

#include "primitives/base/deadline.h"
#include "primitives/manager/wire.h"
#include "primitives/message/connection.h"

namespace weft::ipc::detail {

class Channel {
 public:
  explicit Channel(Connection connection) : connection_(std::move(connection)) {}

  // Sets the request's id. Throws TimeoutError if there is no reply in time, and the channel goes
  // on; what Connection throws; RuntimeError for a reply to nothing that was asked.
  Reply call(Request& request, const Deadline& deadline);
  // What the last call brought has arrived.
  void acknowledge();

  Connection& connection() { return connection_; }

 private:
  Connection connection_;
  std::uint64_t last_id_ = 0;
};

}  // namespace weft::ipc::detail
