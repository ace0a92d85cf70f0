#include "primitives/manager/manager.h"

#include <errno.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <system_error>
#include <utility>

#include "primitives/base/errors.h"
#include "primitives/manager/address.h"
#include "primitives/manager/random.h"
#include "primitives/manager/server.h"

namespace weft::ipc {

using weft::internal::Descriptor;

namespace {

constexpr std::chrono::seconds kGrace{5};  // before it is killed

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
  std::string address = detail::random_address();
  Descriptor listener = detail::listen_at(address);
  Descriptor stop(::eventfd(0, EFD_CLOEXEC));
  if (!stop) throw std::system_error(errno, std::generic_category(), "manager: eventfd");
  const detail::Token image = detail::random_token();
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
