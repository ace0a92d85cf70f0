#include "primitives/manager/manager_link.h"

#include <pthread.h>

#include <exception>
#include <optional>
#include <system_error>

#include "primitives/base/errors.h"
#include "primitives/base/thread_serial.h"
#include "primitives/manager/address.h"
#include "primitives/manager/lease.h"
#include "primitives/manager/manager_errors.h"
#include "primitives/manager/random.h"
#include "primitives/manager/server.h"
#include "primitives/message/message_errors.h"
#include "primitives/process/wait.h"
#include "primitives/process_pool/remote_failure.h"

namespace weft::ipc::detail {

using weft::internal::Descriptor;
using weft::internal::MutexLock;

constinit weft::internal::Mutex links_mutex;

namespace {
// Held while a connection is made. Comes before links_mutex.
constinit weft::internal::Mutex opening_mutex;
}  // namespace

// fork() is called with both mutexes held, so that a child finds all links whole and inherits no
// connection that is in none of them.
struct LinkRegistry {
  static std::set<ManagerLink*>& all() WEFT_REQUIRES(links_mutex) {
    static auto* const links = new std::set<ManagerLink*>;
    return *links;
  }
  static void before_fork() WEFT_ACQUIRE(opening_mutex, links_mutex) {
    opening_mutex.lock();
    links_mutex.lock();
  }
  static void after_fork_in_parent() WEFT_RELEASE(opening_mutex, links_mutex) {
    links_mutex.unlock();
    opening_mutex.unlock();
  }
  static void after_fork_in_child() WEFT_RELEASE(opening_mutex, links_mutex) {
    for (ManagerLink* const link : all()) link->forget_connections();
    links_mutex.unlock();
    opening_mutex.unlock();
  }
  static void prepare() {
    static const bool done = [] {
      if (const int error =
              ::pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
          error != 0) {
        throw std::system_error(error, std::generic_category(), "pthread_atfork");
      }
      return true;
    }();
    (void)done;
  }
};

namespace {

// After the first sign of the manager's end: its descriptors are closed one after the other.
constexpr std::chrono::milliseconds kEndOfAll{40};

constexpr const char* kNobodyListens =
    "manager: nobody listens at its address: it has ended, or was never started";

}  // namespace

// A connection in use: it goes back to the others unless something went wrong on it.
class ManagerLink::Use {
 public:
  explicit Use(ManagerLink& link) : link_(link), channel_(link.take()) {}
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  ~Use() {
    MutexLock hold(links_mutex);
    link_.busy_.erase(channel_.get());
    if (reusable_) link_.idle_.push_back(std::move(channel_));
  }

  Channel* operator->() { return channel_.get(); }
  Channel* channel() { return channel_.get(); }
  void may_be_used_again() { reusable_ = true; }

 private:
  ManagerLink& link_;
  std::unique_ptr<Channel> channel_;
  bool reusable_ = false;
};

ManagerLink::ManagerLink(Options options) : options_(std::move(options)) {
  LinkRegistry::prepare();
  MutexLock hold(links_mutex);
  LinkRegistry::all().insert(this);
}

ManagerLink::~ManagerLink() {
  MutexLock hold(links_mutex);
  LinkRegistry::all().erase(this);
}

void ManagerLink::forget_connections() {
  idle_.clear();
  // Another thread of the parent is inside, whose frames this process does not have.
  for (Channel* const channel : busy_) channel->connection().close();
  busy_.clear();
  anchor_.reset();
  session_.reset();
}

void ManagerLink::require_there() const {
  if (gone_) throw ManagerGoneError(*gone_);
}

void ManagerLink::say_gone(const std::string& why) {
  MutexLock hold(links_mutex);
  if (!gone_) gone_ = why;
  idle_.clear();
}

std::unique_ptr<Channel> ManagerLink::open_channel(const Token& session, bool is_anchor) {
  std::optional<Deadline> give_up;  // from the first sign on: until then it may have been stopped
  // It ends, and soon nobody will listen; or it has no descriptor or thread for another client.
  const auto try_again = [&] {
    if (!give_up) give_up = Deadline::after(kEndOfAll);
    if (give_up->has_passed()) throw RuntimeError("manager: it refuses another connection");
  };
  for (;;) {
    try {
      Descriptor socket = connect_to(options_.address, kHandshakeLimit);
      authenticate_manager(socket.get(), options_.key, Deadline::after(kHandshakeLimit));
      auto channel = std::make_unique<Channel>(connection_over(std::move(socket)));
      channel->connection().send(
          Hello{.session = session, .image = options_.image, .is_anchor = is_anchor ? 1U : 0U});
      // The manager knows the session from then on.
      if (is_anchor) (void)channel->connection().recv<std::uint32_t>();
      return channel;
    } catch (const std::system_error& error) {
      if (error.code() != std::errc::connection_refused) throw;
      say_gone(kNobodyListens);
      throw ManagerGoneError(kNobodyListens);
    } catch (const EndOfFile&) {
      try_again();
    } catch (const BrokenPipeError&) {
      try_again();
    }
  }
}

std::optional<Token> ManagerLink::known_session() const {
  MutexLock hold(links_mutex);
  require_there();
  return session_;
}

Token ManagerLink::session() {
  if (const auto known = known_session()) return *known;
  MutexLock opening(opening_mutex);
  if (const auto known = known_session()) return *known;  // another thread was faster
  const Token session = random_token();
  std::unique_ptr<Channel> anchor = open_channel(session, true);
  MutexLock hold(links_mutex);
  session_ = session;
  anchor_ = std::move(anchor);
  return session;
}

std::unique_ptr<Channel> ManagerLink::take() {
  const Token own = session();
  {
    MutexLock hold(links_mutex);
    require_there();
    if (!idle_.empty()) {
      std::unique_ptr<Channel> channel = std::move(idle_.back());
      idle_.pop_back();
      busy_.insert(channel.get());
      return channel;
    }
  }
  MutexLock opening(opening_mutex);
  std::unique_ptr<Channel> channel = open_channel(own, false);
  MutexLock hold(links_mutex);
  busy_.insert(channel.get());
  return channel;
}

bool ManagerLink::anchor_has_ended(const Deadline& deadline) {
  int anchor = -1;
  {
    MutexLock hold(links_mutex);
    if (!anchor_) return true;
    anchor = anchor_->connection().fileno();
  }
  // It stays open as long as the link: nobody takes it away but a fork, in the child.
  return !wait_until({anchor}, deadline).empty();
}

void ManagerLink::report_end() {
  if (anchor_has_ended(Deadline::after(kEndOfAll))) {
    say_gone("manager: it has ended, and what it held is lost");
  }
  MutexLock hold(links_mutex);
  require_there();
  throw RuntimeError("manager: it has closed a connection; the call may have been done or not");
}

Bytes ManagerLink::content_of(Reply reply) const {
  switch (reply.status) {
    case Status::kDone:
      return std::move(reply.content);
    case Status::kNoObject:
      throw NoSuchObjectError(decode<std::string>(reply.content));
    case Status::kFailed:
      break;
  }
  std::rethrow_exception(
      weft::internal::to_exception(decode<weft::internal::RemoteFailure>(reply.content)));
}

namespace {

Request request_of(std::uint64_t object, Op op, Bytes arguments) {
  if (arguments.size() > kMostBytes - 1024) {
    throw ValueError("manager: a call of " + std::to_string(arguments.size()) + " bytes, where " +
                     std::to_string(kMostBytes) + " are allowed");
  }
  return {.id = 0,
          .thread = weft::internal::this_thread_serial(),
          .object = object,
          .op = op,
          .arguments = std::move(arguments)};
}

}  // namespace

template <class Talk>
auto ManagerLink::talk(Request request, const Deadline& deadline, Talk talk) {
  try {
    Use use(*this);
    try {
      Reply reply = use->call(request, deadline);
      talk(*use.channel(), reply);
      use.may_be_used_again();
      return content_of(std::move(reply));
    } catch (const TimeoutError&) {
      use.may_be_used_again();  // the reply is dropped when it comes
      throw;
    }
  } catch (const EndOfFile&) {
    report_end();
  } catch (const BrokenPipeError&) {
    report_end();
  } catch (const TruncatedMessage&) {
    report_end();
  }
}

Bytes ManagerLink::call(std::uint64_t object, Op op, Bytes arguments) {
  const auto limit = options_.reply_limit;
  return talk(request_of(object, op, std::move(arguments)),
              limit ? Deadline::after(*limit) : Deadline::never(), [](Channel&, const Reply&) {});
}

Bytes ManagerLink::wait(std::uint64_t object, Op op, Bytes arguments) {
  return talk(request_of(object, op, std::move(arguments)), Deadline::never(),
              [](Channel&, const Reply&) {});
}

Bytes ManagerLink::fetch(std::uint64_t object, Op op, Bytes arguments) {
  return talk(request_of(object, op, std::move(arguments)), Deadline::never(),
              [](Channel& channel, const Reply&) { channel.acknowledge(); });
}

std::pair<ObjectName, Descriptor> ManagerLink::call_for_object(Op op, Bytes arguments) {
  Descriptor lease;
  const Bytes content = talk(request_of(0, op, std::move(arguments)), Deadline::never(),
                             [&lease](Channel& channel, const Reply& reply) {
                               if (reply.status == Status::kDone)
                                 lease = receive_lease(channel.connection().fileno());
                             });
  return {decode<ObjectName>(content), std::move(lease)};
}

void ManagerLink::connect() { (void)session(); }

}  // namespace weft::ipc::detail
