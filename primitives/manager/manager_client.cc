#include "primitives/manager/manager_client.h"

#include "primitives/base/errors.h"

namespace weft::ipc {

using detail::Op;

ManagerClient::ManagerClient(std::string address, const AuthKey& key,
                             std::optional<std::chrono::nanoseconds> reply_limit)
    : link_(std::make_shared<detail::ManagerLink>(
          detail::ManagerLink::Options{.address = std::move(address),
                                       .key = key,
                                       .image = {},
                                       .code = {},
                                       .reply_limit = reply_limit})) {
  link_->connect();
}

detail::ManagerLink& ManagerClient::link() {
  if (!link_) throw RuntimeError("manager: it was not started");
  return *link_;
}

std::shared_ptr<const ManagedObject::Reference> ManagerClient::bring(Op op,
                                                                     detail::Bytes arguments) {
  auto [name, lease] = link().call_for_object(op, std::move(arguments));
  return std::make_shared<const ManagedObject::Reference>(
      ManagedObject::Reference{link_, std::move(name), std::move(lease)});
}

ManagedNamespace ManagerClient::namespace_() {
  return make<ManagedNamespace>(encode(std::vector<std::pair<detail::Bytes, detail::Bytes>>()));
}

ManagedLock ManagerClient::lock() { return make<ManagedLock>({}); }
ManagedRLock ManagerClient::rlock() { return make<ManagedRLock>({}); }
ManagedCondition ManagerClient::condition() { return make<ManagedCondition>({}); }

ManagedSemaphore ManagerClient::semaphore(std::uint64_t permits) {
  return make<ManagedSemaphore>(
      encode(std::tuple(permits, std::numeric_limits<std::uint64_t>::max())));
}

ManagedSemaphore ManagerClient::bounded_semaphore(std::uint64_t permits) {
  return make<ManagedSemaphore>(encode(std::tuple(permits, permits)));
}

ManagedEvent ManagerClient::event() { return make<ManagedEvent>({}); }

ManagedBarrier ManagerClient::barrier(std::uint64_t parties) {
  return make<ManagedBarrier>(encode(parties));
}

void ManagerClient::publish(const std::string& name, const ManagedObject& object) {
  (void)object.link().call(0, Op::kPublish, encode(std::pair(name, object.id())));
}

void ManagerClient::unpublish(const std::string& name) {
  (void)link().call(0, Op::kUnpublish, encode(name));
}

detail::Token ManagerClient::issue(const ManagedObject& object) {
  return decode<detail::Token>(object.link().call(0, Op::kIssueTicket, encode(object.id())));
}

std::uint64_t ManagerClient::objects() {
  return decode<std::uint64_t>(link().call(0, Op::kCount, {}));
}

}  // namespace weft::ipc
