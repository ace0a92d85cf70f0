#include "primitives/manager/server.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "primitives/manager/lease.h"
#include "primitives/manager/manager_errors.h"
#include "primitives/process_pool/remote_failure.h"

namespace weft::ipc::detail {

using weft::internal::Descriptor;
using weft::internal::MutexLock;

namespace {

void watch(const Descriptor& events, int fd) {
  epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
  if (::epoll_ctl(events.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "manager: epoll_ctl");
  }
}

Descriptor made(int fd, const char* what) {
  if (fd < 0) throw std::system_error(errno, std::generic_category(), what);
  return Descriptor(fd);
}

// Connections and leases are descriptors.
void raise_limit_of_descriptors() {
  rlimit limit;
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

// An item or a permit on its way to who got it, until he says that it has arrived.
struct ManagerServer::Undelivered {
  Undelivered() = default;
  Undelivered(const Undelivered&) = delete;
  Undelivered& operator=(const Undelivered&) = delete;
  ~Undelivered() {
    if (from) from->put_back(reply);
  }

  std::shared_ptr<HeldObject> from;
  Bytes reply;
};

ManagerServer::ManagerServer(Descriptor listener, const Options& options)
    : listener_(std::move(listener)),
      options_(options),
      events_(made(::epoll_create1(EPOLL_CLOEXEC), "manager: epoll")),
      ticket_issued_(made(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "manager: eventfd")),
      reserve_(made(::open("/dev/null", O_RDONLY | O_CLOEXEC), "manager: /dev/null")) {
  raise_limit_of_descriptors();
}

void ManagerServer::run(int stop) {
  watch(events_, listener_.get());
  watch(events_, stop);
  watch(events_, ticket_issued_.get());
  for (;;) {
    std::array<epoll_event, 64> events;
    const int count = ::epoll_wait(events_.get(), events.data(), static_cast<int>(events.size()),
                                   milliseconds_to_next_end());
    if (count < 0 && errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "manager: epoll_wait");
    }
    for (int i = 0; i < count; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == stop) return;
      if (fd == listener_.get()) {
        accept_one();
      } else if (fd == ticket_issued_.get()) {
        eventfd_t ignored;
        (void)::eventfd_read(fd, &ignored);
      } else {
        end_lease(fd);
      }
    }
  }
}

int ManagerServer::milliseconds_to_next_end() {
  const auto now = ObjectTable::Clock::now();
  const auto next = objects_.expire(now);
  if (next == ObjectTable::Clock::time_point::max()) return -1;
  const auto rest = std::chrono::ceil<std::chrono::milliseconds>(next - now).count();
  return static_cast<int>(std::clamp<std::int64_t>(rest, 0, 1'000'000));
}

void ManagerServer::accept_one() {
  Descriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!socket && (errno == EMFILE || errno == ENFILE)) {
    // Else it would stay at the listener, which epoll would report again and again.
    reserve_.reset();
    socket.reset(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    socket.reset();
    reserve_.reset(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  }
  if (!socket) return;
  try {
    std::thread([this, socket = std::move(socket)]() mutable {
      serve(std::move(socket));
    }).detach();
  } catch (const std::system_error&) {
    // No thread is to be had: this client is told by the end of its connection.
  }
}

// Whatever goes wrong with one client ends its connection and nothing else.
void ManagerServer::serve(Descriptor socket) {
  try {
    authenticate_client(socket.get(), options_.key, Deadline::after(kHandshakeLimit));
    Connection connection = connection_over(std::move(socket));
    const auto hello = connection.recv<Hello>(sizeof(Hello) + 64);
    if (hello.is_anchor != 0) return serve_anchor(connection, hello.session);
    Caller caller;
    {
      MutexLock hold(mutex_);
      caller.session = sessions_.at(hello.session);
    }
    if (hello.image == options_.image) caller.code = &code_;
    serve_calls(connection, std::move(caller));
  } catch (...) {
    // It is the client's to notice.
  }
}

void ManagerServer::serve_anchor(Connection& connection, const Token& token) {
  const auto session = std::make_shared<Session>();
  {
    MutexLock hold(mutex_);
    if (!sessions_.emplace(token, session).second) return;
  }
  try {
    connection.send(std::uint32_t{1});
    (void)connection.recv_bytes(0);
  } catch (...) {
    // Its end.
  }
  {
    MutexLock hold(mutex_);
    sessions_.erase(token);
  }
  session->ended = true;
  for (const auto& object : objects_.all()) object->end_session(*session);
}

void ManagerServer::serve_calls(Connection& connection, Caller caller) {
  Undelivered last;
  for (;;) {
    const auto request = connection.recv<Request>(kMostBytes);
    last.from = nullptr;  // whoever asks on has received it
    if (request.op == Op::kArrived) continue;
    caller.thread = request.thread;
    Reply reply{.id = request.id, .status = Status::kDone, .content = {}};
    Descriptor lease;
    try {
      if (request.object == 0) {
        reply.content = answer_for_manager(request, lease);
      } else if (const auto object = objects_.get(request.object)) {
        reply.content = object->call(request.op, request.arguments, caller);
        if (object->hands_over(request.op)) {
          last.reply = reply.content;
          last.from = object;
        }
      } else {
        throw NoSuchObjectError("manager: it does not hold the object any more");
      }
    } catch (const ClientGone&) {
      return;
    } catch (const NoSuchObjectError& error) {
      reply.status = Status::kNoObject;
      reply.content = encode(std::string(error.what()));
    } catch (...) {
      reply.status = Status::kFailed;
      reply.content = encode(weft::internal::describe_current_exception());
    }
    connection.send(reply);
    if (lease && !send_lease(connection.fileno(), lease)) return;
  }
}

Bytes ManagerServer::answer_for_manager(const Request& request, Descriptor& lease) {
  switch (request.op) {
    case Op::kMake: {
      auto [kind, type, initial] = decode<std::tuple<Kind, std::string, Bytes>>(request.arguments);
      return encode(lease_to(objects_.add(make_held(kind, std::move(type), initial)), lease));
    }
    case Op::kFind:
      return encode(lease_to(objects_.find(decode<std::string>(request.arguments)), lease));
    case Op::kClaimTicket:
      return encode(lease_to(objects_.claim(decode<Token>(request.arguments)), lease));
    case Op::kPublish: {
      const auto [name, object] = decode<std::pair<std::string, std::uint64_t>>(request.arguments);
      objects_.publish(name, object);
      return encode(std::monostate());
    }
    case Op::kUnpublish:
      objects_.unpublish(decode<std::string>(request.arguments));
      return encode(std::monostate());
    case Op::kIssueTicket: {
      const auto ticket =
          objects_.issue_ticket(decode<std::uint64_t>(request.arguments), options_.ticket_life);
      (void)::eventfd_write(ticket_issued_.get(), 1);
      return encode(ticket);
    }
    case Op::kCount:
      return encode(objects_.size());
    default:
      throw ValueError("manager: it has no operation " +
                       std::to_string(static_cast<std::uint32_t>(request.op)));
  }
}

ObjectName ManagerServer::lease_to(ObjectName name, Descriptor& lease) {
  try {
    auto [end, clients] = make_lease();
    const int fd = end.get();
    MutexLock hold(mutex_);
    watch(events_, fd);
    leases_[fd] = {.end = std::move(end), .object = name.object};
    lease = std::move(clients);
    return name;
  } catch (...) {
    objects_.drop(name.object);
    throw;
  }
}

void ManagerServer::end_lease(int fd) {
  std::uint64_t object = 0;
  {
    MutexLock hold(mutex_);
    const auto found = leases_.find(fd);
    if (found == leases_.end()) return;
    object = found->second.object;
    leases_.erase(found);
  }
  objects_.drop(object);
}

}  // namespace weft::ipc::detail
