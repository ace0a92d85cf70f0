#include "primitives/manager/object_table.h"

#include <algorithm>
#include <utility>

#include "primitives/manager/manager_errors.h"
#include "primitives/manager/random.h"

namespace weft::ipc::detail {

using weft::internal::MutexLock;

ObjectTable::Entry& ObjectTable::entry(std::uint64_t id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) {
    throw NoSuchObjectError("manager: it does not hold the object any more");
  }
  return found->second;
}

ObjectName ObjectTable::keep(std::uint64_t id) {
  Entry& kept = entry(id);
  ++kept.keepers;
  return {.object = id, .kind = kept.object->kind, .type = kept.object->type};
}

std::shared_ptr<HeldObject> ObjectTable::let_go(std::uint64_t id) {
  Entry& kept = entry(id);
  if (--kept.keepers > 0) return nullptr;
  std::shared_ptr<HeldObject> object = std::move(kept.object);
  entries_.erase(id);
  return object;
}

ObjectName ObjectTable::add(std::shared_ptr<HeldObject> object) {
  MutexLock hold(mutex_);
  const std::uint64_t id = ++last_;
  entries_[id] = {.object = std::move(object)};
  return keep(id);
}

ObjectName ObjectTable::find(const std::string& name) {
  MutexLock hold(mutex_);
  const auto found = names_.find(name);
  if (found == names_.end()) {
    throw NoSuchObjectError("manager: nothing is published as '" + name + "'");
  }
  return keep(found->second);
}

ObjectName ObjectTable::claim(Token ticket) {
  MutexLock hold(mutex_);
  // The ticket's own keeper becomes the caller's.
  const auto found = tickets_.find(ticket);
  if (found == tickets_.end()) {
    throw NoSuchObjectError("manager: the ticket was claimed already, or has expired");
  }
  const std::uint64_t id = found->second.id;
  const ObjectName name = keep(id);
  tickets_.erase(found);
  (void)let_go(id);
  return name;
}

void ObjectTable::drop(std::uint64_t id) {
  std::shared_ptr<HeldObject> object;
  MutexLock hold(mutex_);
  object = let_go(id);
}

std::shared_ptr<HeldObject> ObjectTable::get(std::uint64_t id) const {
  MutexLock hold(mutex_);
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : found->second.object;
}

std::vector<std::shared_ptr<HeldObject>> ObjectTable::all() const {
  MutexLock hold(mutex_);
  std::vector<std::shared_ptr<HeldObject>> objects;
  for (const auto& [id, entry] : entries_) objects.push_back(entry.object);
  return objects;
}

std::uint64_t ObjectTable::size() const {
  MutexLock hold(mutex_);
  return entries_.size();
}

void ObjectTable::publish(const std::string& name, std::uint64_t id) {
  MutexLock hold(mutex_);
  if (names_.contains(name)) {
    throw ValueError("manager: something is published as '" + name + "' already");
  }
  (void)keep(id);
  names_[name] = id;
}

void ObjectTable::unpublish(const std::string& name) {
  std::shared_ptr<HeldObject> object;
  MutexLock hold(mutex_);
  const auto found = names_.find(name);
  if (found == names_.end()) {
    throw NoSuchObjectError("manager: nothing is published as '" + name + "'");
  }
  object = let_go(found->second);
  names_.erase(found);
}

Token ObjectTable::issue_ticket(std::uint64_t id, Clock::duration life) {
  const Token ticket = random_token();
  const auto end = Clock::now() + life;
  MutexLock hold(mutex_);
  (void)keep(id);
  tickets_[ticket] = {.id = id, .end = end};
  return ticket;
}

ObjectTable::Clock::time_point ObjectTable::expire(Clock::time_point now) {
  std::vector<std::shared_ptr<HeldObject>> objects;
  Clock::time_point next = Clock::time_point::max();
  MutexLock hold(mutex_);
  for (auto at = tickets_.begin(); at != tickets_.end();) {
    if (at->second.end > now) {
      next = std::min(next, at->second.end);
      ++at;
    } else {
      objects.push_back(let_go(at->second.id));
      at = tickets_.erase(at);
    }
  }
  return next;
}

}  // namespace weft::ipc::detail
