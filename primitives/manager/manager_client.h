// ManagerClient: what makes and finds objects of a manager, in any process that knows its address
// and key.
//
// Thread safety: every function from any thread. A copy is the same client.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "primitives/manager/handshake.h"
#include "primitives/manager/managed_data.h"
#include "primitives/manager/managed_locks.h"
#include "primitives/manager/manager_errors.h"
#include "primitives/manager/manager_link.h"

namespace weft::ipc {

class ManagerClient {
 public:
  // Connects to a manager that this process need not descend from. Throws AuthenticationError,
  // ManagerGoneError, ValueError for what is no address. With a limit, a call that the manager does
  // at once throws TimeoutError when it has taken so long: the manager is stopped, or very busy.
  ManagerClient(std::string address, const AuthKey& key,
                std::optional<std::chrono::nanoseconds> reply_limit = {});

  // New objects. All throw ManagerGoneError.
  template <class T>
  ManagedValue<T> value(const T& initial = T()) {
    return make<ManagedValue<T>>(encode(encode(initial)));
  }
  template <class T>
  ManagedList<T> list(const std::vector<T>& items = {}) {
    return make<ManagedList<T>>(encode(detail::MessageEach<T>::split(items)));
  }
  template <class K, class V>
  ManagedDict<K, V> dict(const std::map<K, V>& items = {}) {
    std::vector<std::pair<detail::Bytes, detail::Bytes>> pairs;
    for (const auto& [key, value] : items) pairs.emplace_back(encode(key), encode(value));
    return make<ManagedDict<K, V>>(encode(pairs));
  }
  ManagedNamespace namespace_();
  // A maximum of 0 stands for none.
  template <class T>
  ManagedQueue<T> queue(std::uint64_t maximum = 0) {
    return make<ManagedQueue<T>>(encode(maximum));
  }
  ManagedLock lock();
  ManagedRLock rlock();
  ManagedCondition condition();
  ManagedSemaphore semaphore(std::uint64_t permits = 1);
  // release() beyond so many permits throws.
  ManagedSemaphore bounded_semaphore(std::uint64_t permits = 1);
  ManagedEvent event();
  // Throws ValueError for none.
  ManagedBarrier barrier(std::uint64_t parties);

  // Gives an object a name, by which every client finds it, and which keeps it. Throws ValueError
  // if the name is taken.
  void publish(const std::string& name, const ManagedObject& object);
  // Throw NoSuchObjectError.
  void unpublish(const std::string& name);
  // Throws ValueError, too, if the object is none for this proxy: find<ManagedValue<int>>("n").
  template <class Proxy>
  Proxy find(const std::string& name) {
    return Proxy(bring(detail::Op::kFind, encode(name)));
  }

  // For a message to another client of the manager.
  template <class Proxy>
  Ticket<Proxy> ticket(const Proxy& object) {
    return {issue(object)};
  }
  // Throws NoSuchObjectError if it was claimed already, or has expired.
  template <class Proxy>
  Proxy claim(const Ticket<Proxy>& ticket) {
    return Proxy(bring(detail::Op::kClaimTicket, encode(ticket.token)));
  }

  // How many objects the manager holds.
  std::uint64_t objects();

 protected:
  explicit ManagerClient(std::shared_ptr<detail::ManagerLink> link) : link_(std::move(link)) {}
  // Throws RuntimeError before the manager's start.
  detail::ManagerLink& link();
  void set_link(std::shared_ptr<detail::ManagerLink> link) { link_ = std::move(link); }

 private:
  template <class Proxy>
  Proxy make(detail::Bytes initial) {
    return Proxy(bring(detail::Op::kMake,
                       encode(std::tuple(Proxy::kKind, Proxy::type(), std::move(initial)))));
  }
  std::shared_ptr<const ManagedObject::Reference> bring(detail::Op op, detail::Bytes arguments);
  detail::Token issue(const ManagedObject& object);

  // Constant after the manager's start, null before.
  std::shared_ptr<detail::ManagerLink> link_;
};

}  // namespace weft::ipc
