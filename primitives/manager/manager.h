// Manager: a process that holds objects for others, as Python's multiprocessing.Manager: value,
// list, dict, namespace, queue, locks. Others have proxies, whose calls it does one by one.
//
//   weft::ipc::Manager manager;
//   manager.start();
//   auto a = manager.value<std::string>();
//   weft::ipc::Process child([&] { a.update([](std::string& s) { s += 'o'; }); });
//
// Each call is atomic; a.set(a.get() + "o") is two (managed_data.h). Processes that descend from
// the maker use the proxies that they have of it; others connect with the address and the key
// (manager_client.h). It is for sharing whatever can be sent, between whatever processes: a call
// costs two messages. What only descendants share is far faster in shared memory (primitives/ipc).
//
// The process is a copy of the maker as it was at start(), and a daemon: it ends with its maker,
// however that ends, and everything that it holds is lost. Start it early: like every child it has
// copies of the descriptors that were open.
//
// Thread safety: start() and shutdown() from one thread, in the process that made the object;
// everything else as of ManagerClient. The destructor shuts it down.
// Invariants:     (I1) When it has ended, however, every call throws ManagerGoneError, also those
//                      that were waiting for a reply.
//                 (I2) It leaves no process, no file and no name behind.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "primitives/manager/manager_client.h"
#include "primitives/process/descriptor.h"
#include "primitives/process/process.h"

namespace weft::ipc {

class Manager : public ManagerClient {
 public:
  struct Options {
    std::string name = {};  // of its process
    // A random one if there is none.
    std::optional<AuthKey> key = {};
    // How long a ticket keeps an object that nobody claims.
    std::chrono::nanoseconds ticket_life = std::chrono::minutes(1);
    // See ManagerClient.
    std::optional<std::chrono::nanoseconds> reply_limit = {};
  };

  Manager() : Manager(Options{}) {}
  explicit Manager(Options options);
  ~Manager();
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  // Throws RuntimeError the second time; StartError, std::system_error if the system has no process
  // or no descriptor to give, and then may be called again.
  void start();
  // Ends the process. Repeatable; RuntimeError before start(), and in another process.
  void shutdown();

  // For ManagerClient in other processes. The address is empty before start().
  const std::string& address() const { return address_; }
  const AuthKey& key() const { return *options_.key; }
  // Throws RuntimeError before start().
  Process& process();

 private:
  bool process_is_mine() const;

  Options options_;
  pid_t maker_ = 0;
  std::string address_;
  weft::internal::Descriptor stop_;
  std::optional<Process> process_;
};

}  // namespace weft::ipc
