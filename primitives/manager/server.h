// ManagerServer: the manager's process. One thread accepts connections and watches leases; each
// connection has a thread of its own from its first byte on, so a client that says nothing, waits
// for a lock or calls a long function keeps nobody else off.
//
// Thread safety: run() once; stop is a descriptor that becomes readable.
// Invariants:     (I1) Nothing of what a client sends is acted on before it has proved that it
//                      knows the key, for which it has two seconds.
//                 (I2) When a session ends, its waits end, its locks become inconsistent, and what
//                      it had got and did not receive, an item or a permit, goes back.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>

#include "primitives/base/mutex.h"
#include "primitives/base/thread_annotations.h"
#include "primitives/manager/handshake.h"
#include "primitives/manager/held_object.h"
#include "primitives/manager/object_table.h"
#include "primitives/manager/wire.h"
#include "primitives/message/connection.h"
#include "primitives/process/descriptor.h"
#include "primitives/process_pool/known_code.h"

namespace weft::ipc::detail {

inline constexpr std::chrono::seconds kHandshakeLimit{2};
inline constexpr std::size_t kMostBytes = std::size_t{256} << 20;  // of a request

class ManagerServer {
 public:
  struct Options {
    AuthKey key;
    Token image;
    std::chrono::nanoseconds ticket_life;
  };

  // Throws std::system_error. Never destroyed: its threads use it until the process ends.
  ManagerServer(weft::internal::Descriptor listener, const Options& options);
  // Until `stop` can be read.
  void run(int stop);

 private:
  struct Undelivered;

  void accept_one();
  void serve(weft::internal::Descriptor socket);
  void serve_anchor(Connection& connection, const Token& token);
  void serve_calls(Connection& connection, Caller caller);
  // `lease` is set if the reply brings an object.
  Bytes answer_for_manager(const Request& request, weft::internal::Descriptor& lease);

  ObjectName lease_to(ObjectName name, weft::internal::Descriptor& lease);
  void end_lease(int fd);
  int milliseconds_to_next_end();

  const weft::internal::Descriptor listener_;
  const Options options_;
  const weft::internal::KnownCode code_;
  const weft::internal::Descriptor events_;  // of epoll
  const weft::internal::Descriptor ticket_issued_;
  weft::internal::Descriptor reserve_;  // the accepting thread's
  ObjectTable objects_;

  struct Lease {
    weft::internal::Descriptor end;
    std::uint64_t object;
  };
  weft::internal::Mutex mutex_;
  std::map<Token, std::shared_ptr<Session>> sessions_ WEFT_GUARDED_BY(mutex_);
  std::map<int, Lease> leases_ WEFT_GUARDED_BY(mutex_);
};

}  // namespace weft::ipc::detail
