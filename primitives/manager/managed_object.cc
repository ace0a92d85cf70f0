#include "primitives/manager/managed_object.h"

#include <cmath>

#include "primitives/ipc/ipc_errors.h"
#include "primitives/manager/managed_update.h"

namespace weft::ipc {

ManagedObject::ManagedObject(std::shared_ptr<const Reference> reference, detail::Kind kind,
                             std::string_view type)
    : reference_(std::move(reference)) {
  const detail::ObjectName& name = reference_->name;
  if (name.kind != kind) throw ValueError("manager: the object is of another kind than its proxy");
  if (name.type != type) {
    throw ValueError("manager: the object holds " + name.type + ", the proxy is for " +
                     std::string(type));
  }
}

detail::Patience ManagedObject::internal_patience(long double nanoseconds) {
  if (std::isnan(nanoseconds)) throw ValueError("manager: a time-out that is no number");
  constexpr long double kMost = 9e18L;
  if (nanoseconds >= kMost) return detail::kForEver;
  return nanoseconds <= 0 ? 0 : static_cast<detail::Patience>(nanoseconds);
}

void detail::require_known_code(const ManagerLink& link, std::uint64_t call,
                                std::uint64_t function) {
  const auto& code = link.options().code;
  if (code && code->contains(call) && code->contains(function)) return;
  throw ValueError(code
                       ? "manager: update() with a function of a library that was loaded after the "
                         "manager was started, so it does not have it; load the library first"
                       : "manager: update() by a process that does not descend from the manager's "
                         "maker, whose functions the manager does not have");
}

bool detail::is_taken(Taken taken) {
  if (taken == Taken::kOwnerDied) {
    throw OwnerDiedError("manager: who held the lock has ended; recover() takes it");
  }
  return taken == Taken::kTaken;
}

}  // namespace weft::ipc
