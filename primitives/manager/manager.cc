#include "primitives/manager/manager.h"

#include <errno.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <span>
#include <system_error>
#include <utility>

#include "primitives/base/errors.h"
#include "primitives/manager/server.h"

namespace weft::ipc {

using weft::internal::Descriptor;

namespace {

constexpr std::chrono::seconds kGrace{5};  // before it is killed

[[noreturn]] void refuse(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

// In the abstract namespace: the kernel takes the name away with the process, and knows no files or
// rights for it; whose process connects is asked of the kernel, and the rest is the key's.
std::string random_address() {
  detail::Token token;
  detail::fill_with_random(std::as_writable_bytes(std::span(token)));
  std::string address = "weft-manager-";
  for (const std::uint64_t part : token) {
    for (int shift = 60; shift >= 0; shift -= 4) address += "0123456789abcdef"[part >> shift & 15];
  }
  return address;
}

Descriptor listening(const std::string& address) {
  Descriptor socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) refuse("manager: socket");
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::memcpy(name.sun_path + 1, address.data(), address.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + address.size());
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&name), size) != 0) {
    refuse("manager: bind");
  }
  if (::listen(socket.get(), SOMAXCONN) != 0) refuse("manager: listen");
  return socket;
}

}  // namespace

Manager::Manager(Options options)
    : ManagerClient(std::shared_ptr<detail::ManagerLink>()), options_(std::move(options)) {
  if (!options_.key) options_.key = AuthKey::random();
}

Manager::~Manager() {
  // A child has a copy of the object, and its parent's manager goes on.
  if (process_ && process_is_mine()) shutdown();
}

void Manager::start() {
  if (process_) throw RuntimeError("Manager::start: it was started already");
  std::string address = random_address();
  Descriptor listener = listening(address);
  Descriptor stop(::eventfd(0, EFD_CLOEXEC));
  if (!stop) refuse("manager: eventfd");
  detail::Token image;
  detail::fill_with_random(std::as_writable_bytes(std::span(image)));
  const detail::ManagerServer::Options server = {
      .key = *options_.key, .image = image, .ticket_life = options_.ticket_life};
  auto link = std::make_shared<detail::ManagerLink>(
      detail::ManagerLink::Options{.address = address,
                                   .key = *options_.key,
                                   .image = image,
                                   .code = weft::internal::KnownCode(),
                                   .reply_limit = options_.reply_limit});
  process_.emplace(Process::Options{.name = options_.name, .daemon = true},
                   [&listener, &stop, &server] {
                     // From a terminal it goes to the maker as well, which decides what it means.
                     (void)::signal(SIGINT, SIG_IGN);
                     (new detail::ManagerServer(std::move(listener), server))->run(stop.get());
                   });
  try {
    process_->start();
  } catch (...) {
    process_.reset();
    throw;
  }
  maker_ = ::getpid();
  address_ = std::move(address);
  stop_ = std::move(stop);
  set_link(std::move(link));
}

Process& Manager::process() {
  if (!process_) throw RuntimeError("Manager::process: it was not started");
  return *process_;
}

void Manager::shutdown() {
  if (!process_) throw RuntimeError("Manager::shutdown: it was not started");
  if (!process_is_mine())
    throw RuntimeError("Manager::shutdown: by another process than its maker");
  link().say_gone("manager: it was shut down");
  (void)::eventfd_write(stop_.get(), 1);
  if (process_->join_for(kGrace)) return;
  process_->kill();  // it is stopped, or a function that it calls keeps it
  process_->join();
}

bool Manager::process_is_mine() const { return maker_ == ::getpid(); }

}  // namespace weft::ipc
