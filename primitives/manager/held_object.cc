#include "primitives/manager/held_object.h"

#include "primitives/base/errors.h"
#include "primitives/manager/held_data.h"
#include "primitives/manager/held_locks.h"

namespace weft::ipc::detail {

using weft::internal::MutexLock;

void HeldObject::end_session(const Session&) {
  MutexLock hold(mutex_);
  changed();
}

bool HeldObject::wait_for_change(const Deadline& deadline, const Caller& caller) {
  if (caller.session->ended) throw ClientGone();
  if (deadline.has_passed()) return false;
  (void)changes_.wait(mutex_, deadline, {}, weft::internal::Looking::kNo);
  if (caller.session->ended) throw ClientGone();
  return true;
}

Bytes HeldObject::run_update(const Caller& caller, std::vector<Bytes>& state, std::uint64_t call,
                             std::uint64_t function, const Bytes& arguments) {
  if (caller.code == nullptr || !caller.code->contains(call) || !caller.code->contains(function)) {
    throw ValueError(
        "manager: update() from a process that does not descend from the manager's maker, or of "
        "code that was loaded later: the manager does not have the function");
  }
  Bytes result;
  reinterpret_cast<UpdateCall>(call)(function, state, arguments, result);
  return result;
}

void HeldObject::refuse(Op op) {
  throw ValueError("manager: the object has no operation " +
                   std::to_string(static_cast<std::uint32_t>(op)));
}

std::shared_ptr<HeldObject> make_held(Kind kind, std::string type,
                                      std::span<const std::byte> initial) {
  switch (kind) {
    case Kind::kValue:
      return std::make_shared<HeldValue>(std::move(type), decode<Bytes>(initial));
    case Kind::kList:
      return std::make_shared<HeldList>(std::move(type), decode<std::vector<Bytes>>(initial));
    case Kind::kDict:
    case Kind::kNamespace:
      return std::make_shared<HeldDict>(kind, std::move(type),
                                        decode<std::vector<HeldDict::Item>>(initial));
    case Kind::kQueue:
      return std::make_shared<HeldQueue>(std::move(type), decode<std::uint64_t>(initial));
    case Kind::kLock:
    case Kind::kRLock:
    case Kind::kCondition:
      return std::make_shared<HeldLock>(kind);
    case Kind::kSemaphore: {
      const auto [permits, most] = decode<std::tuple<std::uint64_t, std::uint64_t>>(initial);
      return std::make_shared<HeldSemaphore>(permits, most);
    }
    case Kind::kEvent:
      return std::make_shared<HeldEvent>();
    case Kind::kBarrier:
      return std::make_shared<HeldBarrier>(decode<std::uint64_t>(initial));
  }
  throw ValueError("manager: there is no such kind of object");
}

}  // namespace weft::ipc::detail
