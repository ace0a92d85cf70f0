#include "primitives/process_pool/nursery.h"

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "primitives/process/subprocess_errors.h"
#include "primitives/process/wait.h"

namespace weft::internal {
namespace {

struct Request {
  enum Kind : std::uint32_t { kSpawn, kKill };
  Kind kind;
  std::uint32_t place;
};

// False, and errno, if the other side is gone or the kernel has no memory for it.
template <class T>
bool send(int socket, const T& message) {
  ssize_t sent = 0;
  while ((sent = ::send(socket, &message, sizeof message, MSG_NOSIGNAL)) < 0 && errno == EINTR) {
  }
  return sent == static_cast<ssize_t>(sizeof message);
}

enum class Received { kMessage, kNothing, kEnd };
template <class T>
Received receive_from(int socket, T& message, int flags) {
  ssize_t got = 0;
  while ((got = ::recv(socket, &message, sizeof message, flags)) < 0 && errno == EINTR) {
  }
  if (got == static_cast<ssize_t>(sizeof message)) return Received::kMessage;
  return got < 0 && errno == EAGAIN ? Received::kNothing : Received::kEnd;
}

}  // namespace

// The nursery itself.
class Nursery::Ward {
 public:
  Ward(int pool, std::function<void(std::size_t)> work) : pool_(pool), work_(std::move(work)) {}

  // Until the pool's end is closed.
  void run() {
    while (tell_the_ended() && answer_requests()) {
      std::vector<int> watched{pool_};
      for (const auto& [place, worker] : workers_) watched.push_back(worker->sentinel());
      (void)ipc::wait(watched);
    }
    for (const auto& [place, worker] : workers_) worker->kill();
    for (const auto& [place, worker] : workers_) worker->join();
  }

 private:
  bool answer_requests() {
    Request request{};
    for (;;) {
      switch (receive_from(pool_, request, MSG_DONTWAIT)) {
        case Received::kNothing:
          return true;
        case Received::kEnd:
          return false;
        case Received::kMessage:
          if (request.kind == Request::kSpawn) {
            if (!spawn(request.place)) return false;
          } else if (const auto worker = workers_.find(request.place); worker != workers_.end()) {
            worker->second->kill();
          }
      }
    }
  }

  bool spawn(std::uint32_t place) {
    auto worker = std::make_unique<ipc::Process>(
        ipc::Process::Options{.name = "worker " + std::to_string(place), .daemon = true},
        [this, place] {
          (void)::close(pool_);
          work_(place);
        });
    try {
      worker->start();
    } catch (const StartError& error) {
      return send(pool_, Event{Event::kFailed, place, error.code().value()});
    }
    const Event started{Event::kStarted, place, worker->pid()};
    workers_[place] = std::move(worker);
    return send(pool_, started);
  }

  bool tell_the_ended() {
    for (auto at = workers_.begin(); at != workers_.end();) {
      const std::optional<int> code = at->second->exitcode();
      if (!code) {
        ++at;
        continue;
      }
      const auto place = at->first;
      at = workers_.erase(at);
      if (!send(pool_, Event{Event::kEnded, place, *code})) return false;
    }
    return true;
  }

  const int pool_;
  const std::function<void(std::size_t)> work_;
  std::map<std::uint32_t, std::unique_ptr<ipc::Process>> workers_;
};

Nursery::Nursery(std::string name, std::function<void(std::size_t)> work) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    throw StartError(errno, std::system_category(), "a pool of processes: sockets for its nursery");
  }
  pools_end_.reset(ends[0]);
  const Descriptor nurserys_end(ends[1]);
  process_.emplace(ipc::Process::Options{.name = std::move(name), .daemon = true},
                   [this, work = std::move(work), end = nurserys_end.get()] {
                     pools_end_.reset();
                     // Where the program ignores it, nobody knows what signal ended a child.
                     (void)::signal(SIGCHLD, SIG_DFL);
                     Ward(end, work).run();
                   });
  process_->start();
}

Nursery::~Nursery() { end(); }

int Nursery::spawn(std::size_t place) {
  const Request request{Request::kSpawn, static_cast<std::uint32_t>(place)};
  if (send(pools_end_.get(), request)) return 0;
  // A nursery that is gone is an event, too.
  return errno == EPIPE || errno == ECONNRESET ? 0 : errno;
}

void Nursery::kill(std::size_t place) {
  const Request request{Request::kKill, static_cast<std::uint32_t>(place)};
  if (!send(pools_end_.get(), request)) (void)::shutdown(pools_end_.get(), SHUT_RDWR);
}

std::optional<Nursery::Event> Nursery::receive() {
  Event event{};
  switch (receive_from(pools_end_.get(), event, MSG_DONTWAIT)) {
    case Received::kNothing:
      return std::nullopt;
    case Received::kEnd:
      return Event{Event::kGone, 0, 0};
    case Received::kMessage:
      break;
  }
  return event;
}

Nursery::Event Nursery::wait() {
  Event event{};
  if (receive_from(pools_end_.get(), event, 0) == Received::kMessage) return event;
  return Event{Event::kGone, 0, 0};
}

void Nursery::end() {
  if (!process_) return;
  // Its copies in other children of the program may keep the socket open: no end of the stream
  // tells the nursery, but shutdown() does.
  (void)::shutdown(pools_end_.get(), SHUT_RDWR);
  process_->join();
  process_.reset();
}

}  // namespace weft::internal
