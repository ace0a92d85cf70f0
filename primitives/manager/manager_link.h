// ManagerLink: what a process has of a manager: its address and key, and the connections over which
// the process calls it. A call takes a connection that nobody uses, or makes one; so a call that
// waits keeps no other thread off.
//
// A child of fork() has none of its parent's connections: it closes its copies before anything else
// runs in it, and makes its own when it calls. It is a session of its own, and the manager is told
// of its parent's end though the child lives.
//
// Thread safety: every function from any thread, and in a child of fork() as well.
// Invariants:     (I1) A connection is used by one process, and by one call at a time.
//                 (I2) Once a call has thrown ManagerGoneError, every later one does, also in
//                      processes forked later.
//                 (I3) While a session has a connection it has its anchor, a connection without
//                      calls, by whose end the manager knows that the process has ended.
// Non-invariants: what exec() or a fork without its handlers (_Fork, clone) makes of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "primitives/base/mutex.h"
#include "primitives/base/thread_annotations.h"
#include "primitives/manager/channel.h"
#include "primitives/manager/handshake.h"
#include "primitives/manager/wire.h"
#include "primitives/process/descriptor.h"
#include "primitives/process_pool/known_code.h"

namespace weft::ipc::detail {

extern weft::internal::Mutex links_mutex;

class ManagerLink {
 public:
  struct Options {
    std::string address;  // in the abstract namespace of Unix sockets
    AuthKey key;
    // Of the manager's maker and what descends from it.
    Token image = {};
    std::optional<weft::internal::KnownCode> code = {};
    // How long a call that the manager does at once may take.
    std::optional<std::chrono::nanoseconds> reply_limit = {};
  };
  explicit ManagerLink(Options options);
  ~ManagerLink();
  ManagerLink(const ManagerLink&) = delete;
  ManagerLink& operator=(const ManagerLink&) = delete;

  const Options& options() const { return options_; }

  // All throw ManagerGoneError, AuthenticationError, NoSuchObjectError, TimeoutError after the
  // reply limit, and what the call throws in the manager.
  Bytes call(std::uint64_t object, Op op, Bytes arguments);
  // For calls that may wait in the manager.
  Bytes wait(std::uint64_t object, Op op, Bytes arguments);
  // wait() for what is the manager's again if it does not arrive.
  Bytes fetch(std::uint64_t object, Op op, Bytes arguments);
  // For a call that brings an object, with its lease.
  std::pair<ObjectName, weft::internal::Descriptor> call_for_object(Op op, Bytes arguments);

  // From now on ManagerGoneError.
  void say_gone(const std::string& why);
  // Makes a connection, so that a wrong address or key is told now.
  void connect();

 private:
  friend struct LinkRegistry;
  class Use;

  // `talk` goes on after the reply has come, on the same connection.
  template <class Talk>
  auto talk(Request request, const Deadline& deadline, Talk talk);
  std::unique_ptr<Channel> take();
  std::unique_ptr<Channel> open_channel(const Token& session, bool is_anchor);
  Token session();
  std::optional<Token> known_session() const;
  bool anchor_has_ended(const Deadline& deadline);
  // Handles what went wrong on a connection.
  [[noreturn]] void report_end();
  void require_there() const WEFT_REQUIRES(links_mutex);
  void forget_connections() WEFT_REQUIRES(links_mutex);
  Bytes content_of(Reply reply) const;

  const Options options_;
  // All empty in a new child.
  std::vector<std::unique_ptr<Channel>> idle_ WEFT_GUARDED_BY(links_mutex);
  std::set<Channel*> busy_ WEFT_GUARDED_BY(links_mutex);
  std::unique_ptr<Channel> anchor_ WEFT_GUARDED_BY(links_mutex);
  std::optional<Token> session_ WEFT_GUARDED_BY(links_mutex);
  std::optional<std::string> gone_ WEFT_GUARDED_BY(links_mutex);
};

}  // namespace weft::ipc::detail
