// ManagedObject: what all proxies have in common. A proxy is a handle: copies of it, and what a
// child of fork() has of it, are the same object of the manager.
//
// Thread safety: every function from any thread of any process that has the proxy.
// Invariants:     (I1) The manager holds the object as long as any process has a copy of a proxy, a
//                      ticket for it has neither been claimed nor expired, or it is published.
// Non-invariants: an object may be held longer: by a process that has a copy of the proxy from a
//                 fork, and does not know it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

#include "primitives/base/deadline.h"
#include "primitives/base/errors.h"
#include "primitives/manager/manager_link.h"
#include "primitives/manager/wire.h"
#include "primitives/message/codec.h"
#include "primitives/process/descriptor.h"

namespace weft::ipc {

// A proxy on its way to another process, as part of a message: it keeps the object until it is
// claimed (ManagerClient::claim), once, or until it expires.
template <class Proxy>
struct Ticket {
  std::array<std::uint64_t, 2> token;
};

class ManagedObject {
 public:
  // What a client makes a proxy of.
  struct Reference {
    std::shared_ptr<detail::ManagerLink> link;
    detail::ObjectName name;
    weft::internal::Descriptor lease;
  };

  bool operator==(const ManagedObject& other) const {
    return reference_->link == other.reference_->link && id() == other.id();
  }

 protected:
  // Throws ValueError if the object is none of the kind, or holds another type.
  ManagedObject(std::shared_ptr<const Reference> reference, detail::Kind kind,
                std::string_view type);

  std::uint64_t id() const { return reference_->name.object; }
  detail::ManagerLink& link() const { return *reference_->link; }

  template <class R = void, class... Args>
  R ask(detail::Op op, const Args&... args) const {
    return result<R>(link().call(id(), op, encode(std::tuple<Args...>(args...))));
  }
  // With the arguments as one tuple; what the function returned comes as a message in the reply.
  template <class R, class Tuple>
  R ask_update(detail::Op op, const Tuple& arguments) const {
    return result<R>(decode<detail::Bytes>(link().call(id(), op, encode(arguments))));
  }
  // For calls that may wait in the manager.
  template <class R, class... Args>
  R ask_waiting(detail::Op op, const Args&... args) const {
    return result<R>(link().wait(id(), op, encode(std::tuple<Args...>(args...))));
  }

  // For what the manager takes back if the reply does not arrive.
  template <class R, class... Args>
  R fetch(detail::Op op, const Args&... args) const {
    return result<R>(link().fetch(id(), op, encode(std::tuple<Args...>(args...))));
  }

  template <class R>
  static R result(const detail::Bytes& bytes) {
    if constexpr (!std::is_void_v<R>) return decode<R>(bytes);
  }
  template <class Rep, class Period>
  static detail::Patience patience(const std::chrono::duration<Rep, Period>& timeout) {
    return internal_patience(std::chrono::duration<long double, std::nano>(timeout).count());
  }

  friend class ManagerClient;
  std::shared_ptr<const Reference> reference_;

 private:
  static detail::Patience internal_patience(long double nanoseconds);
};

namespace detail {
// Throws OwnerDiedError. False if it is out of time.
bool is_taken(Taken taken);
}  // namespace detail

}  // namespace weft::ipc
