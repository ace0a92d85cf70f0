#include "primitives/manager/held_data.h"

#include <stdexcept>

#include "primitives/base/errors.h"

namespace weft::ipc::detail {

using weft::internal::MutexLock;

Bytes HeldValue::call(Op op, std::span<const std::byte> arguments, const Caller& caller) {
  switch (op) {
    case Op::kGet:
      return answer(&HeldValue::get, caller, arguments);
    case Op::kSet:
      return answer(&HeldValue::set, caller, arguments);
    case Op::kUpdate:
      return answer(&HeldValue::update, caller, arguments);
    default:
      refuse(op);
  }
}

Bytes HeldValue::get(const Caller&) {
  MutexLock hold(mutex_);
  return value_;
}

void HeldValue::set(const Caller&, Bytes value) {
  MutexLock hold(mutex_);
  value_ = std::move(value);
}

Bytes HeldValue::update(const Caller& caller, std::uint64_t call, std::uint64_t function,
                        Bytes arguments) {
  MutexLock hold(mutex_);
  std::vector<Bytes> state = {value_};
  Bytes result = run_update(caller, state, call, function, arguments);
  value_ = std::move(state.at(0));
  return result;
}

Bytes HeldList::call(Op op, std::span<const std::byte> arguments, const Caller& caller) {
  switch (op) {
    case Op::kGet:
      return answer(&HeldList::get, caller, arguments);
    case Op::kSet:
      return answer(&HeldList::set, caller, arguments);
    case Op::kAppend:
      return answer(&HeldList::append, caller, arguments);
    case Op::kInsert:
      return answer(&HeldList::insert, caller, arguments);
    case Op::kTake:
      return answer(&HeldList::take, caller, arguments);
    case Op::kSize:
      return answer(&HeldList::size, caller, arguments);
    case Op::kClear:
      return answer(&HeldList::clear, caller, arguments);
    case Op::kAll:
      return answer(&HeldList::all, caller, arguments);
    case Op::kUpdate:
      return answer(&HeldList::update, caller, arguments);
    default:
      refuse(op);
  }
}

Bytes& HeldList::at(std::uint64_t place) {
  if (place >= items_.size()) {
    throw std::out_of_range("manager: index " + std::to_string(place) + " in a list of " +
                            std::to_string(items_.size()));
  }
  return items_[place];
}

Bytes HeldList::get(const Caller&, std::uint64_t place) {
  MutexLock hold(mutex_);
  return at(place);
}

void HeldList::set(const Caller&, std::uint64_t place, Bytes item) {
  MutexLock hold(mutex_);
  at(place) = std::move(item);
}

void HeldList::append(const Caller&, std::vector<Bytes> items) {
  MutexLock hold(mutex_);
  items_.insert(items_.end(), items.begin(), items.end());
}

void HeldList::insert(const Caller&, std::uint64_t place, Bytes item) {
  MutexLock hold(mutex_);
  if (place != items_.size()) (void)at(place);
  items_.insert(items_.begin() + static_cast<std::ptrdiff_t>(place), std::move(item));
}

Bytes HeldList::take(const Caller&, std::optional<std::uint64_t> place) {
  MutexLock hold(mutex_);
  const std::uint64_t from = place.value_or(items_.empty() ? 0 : items_.size() - 1);
  Bytes item = std::move(at(from));
  items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(from));
  return item;
}

std::uint64_t HeldList::size(const Caller&) {
  MutexLock hold(mutex_);
  return items_.size();
}

void HeldList::clear(const Caller&) {
  MutexLock hold(mutex_);
  items_.clear();
}

std::vector<Bytes> HeldList::all(const Caller&) {
  MutexLock hold(mutex_);
  return items_;
}

Bytes HeldList::update(const Caller& caller, std::uint64_t call, std::uint64_t function,
                       Bytes arguments) {
  MutexLock hold(mutex_);
  std::vector<Bytes> state = items_;
  Bytes result = run_update(caller, state, call, function, arguments);
  items_ = std::move(state);
  return result;
}

Bytes HeldDict::call(Op op, std::span<const std::byte> arguments, const Caller& caller) {
  switch (op) {
    case Op::kFindItem:
      return answer(&HeldDict::find, caller, arguments);
    case Op::kSet:
      return answer(&HeldDict::set, caller, arguments);
    case Op::kErase:
      return answer(&HeldDict::erase, caller, arguments);
    case Op::kTake:
      return answer(&HeldDict::take, caller, arguments);
    case Op::kSize:
      return answer(&HeldDict::size, caller, arguments);
    case Op::kClear:
      return answer(&HeldDict::clear, caller, arguments);
    case Op::kKeys:
      return answer(&HeldDict::keys, caller, arguments);
    case Op::kAll:
      return answer(&HeldDict::all, caller, arguments);
    case Op::kUpdate:
      return answer(&HeldDict::update, caller, arguments);
    case Op::kUpdateItem:
      return answer(&HeldDict::update_item, caller, arguments);
    default:
      refuse(op);
  }
}

std::optional<Bytes> HeldDict::find(const Caller&, Bytes key) {
  MutexLock hold(mutex_);
  const auto found = items_.find(key);
  return found == items_.end() ? std::nullopt : std::optional(found->second);
}

void HeldDict::set(const Caller&, Bytes key, Bytes value) {
  MutexLock hold(mutex_);
  items_.insert_or_assign(std::move(key), std::move(value));
}

bool HeldDict::erase(const Caller&, Bytes key) {
  MutexLock hold(mutex_);
  return items_.erase(key) > 0;
}

std::optional<Bytes> HeldDict::take(const Caller&, Bytes key) {
  MutexLock hold(mutex_);
  auto node = items_.extract(key);
  return node.empty() ? std::nullopt : std::optional(std::move(node.mapped()));
}

std::uint64_t HeldDict::size(const Caller&) {
  MutexLock hold(mutex_);
  return items_.size();
}

void HeldDict::clear(const Caller&) {
  MutexLock hold(mutex_);
  items_.clear();
}

std::vector<Bytes> HeldDict::keys(const Caller&) {
  MutexLock hold(mutex_);
  std::vector<Bytes> keys;
  for (const auto& [key, value] : items_) keys.push_back(key);
  return keys;
}

std::vector<HeldDict::Item> HeldDict::all(const Caller&) {
  MutexLock hold(mutex_);
  return {items_.begin(), items_.end()};
}

Bytes HeldDict::update(const Caller& caller, std::uint64_t call, std::uint64_t function,
                       Bytes arguments) {
  MutexLock hold(mutex_);
  std::vector<Bytes> state;
  for (const auto& [key, value] : items_) {
    state.push_back(key);
    state.push_back(value);
  }
  Bytes result = run_update(caller, state, call, function, arguments);
  std::map<Bytes, Bytes> items;
  for (std::size_t i = 0; i + 1 < state.size(); i += 2) {
    items.emplace(std::move(state[i]), std::move(state[i + 1]));
  }
  items_ = std::move(items);
  return result;
}

Bytes HeldDict::update_item(const Caller& caller, Bytes key, std::uint64_t call,
                            std::uint64_t function, Bytes arguments) {
  MutexLock hold(mutex_);
  const auto found = items_.find(key);
  if (found == items_.end()) throw std::out_of_range("manager: a dict has no such key");
  std::vector<Bytes> state = {found->second};
  Bytes result = run_update(caller, state, call, function, arguments);
  found->second = std::move(state.at(0));
  return result;
}

Bytes HeldQueue::call(Op op, std::span<const std::byte> arguments, const Caller& caller) {
  switch (op) {
    case Op::kPut:
      return answer(&HeldQueue::put, caller, arguments);
    case Op::kGet:
      return answer(&HeldQueue::get, caller, arguments);
    case Op::kSize:
      return answer(&HeldQueue::size, caller, arguments);
    case Op::kFull:
      return answer(&HeldQueue::full, caller, arguments);
    case Op::kTaskDone:
      return answer(&HeldQueue::task_done, caller, arguments);
    case Op::kJoin:
      return answer(&HeldQueue::join, caller, arguments);
    default:
      refuse(op);
  }
}

bool HeldQueue::put(const Caller& caller, Bytes item, Patience patience) {
  const Deadline deadline = deadline_of(patience);
  MutexLock hold(mutex_);
  while (is_full()) {
    if (!wait_for_change(deadline, caller)) return false;
  }
  items_.push_back(std::move(item));
  ++unfinished_;
  changed();
  return true;
}

std::optional<Bytes> HeldQueue::get(const Caller& caller, Patience patience) {
  const Deadline deadline = deadline_of(patience);
  MutexLock hold(mutex_);
  while (items_.empty()) {
    if (!wait_for_change(deadline, caller)) return {};
  }
  Bytes item = std::move(items_.front());
  items_.pop_front();
  changed();
  return item;
}

void HeldQueue::put_back(const Bytes& reply) {
  auto item = decode<std::optional<Bytes>>(reply);
  if (!item) return;
  MutexLock hold(mutex_);
  items_.push_front(std::move(*item));
  changed();
}

std::uint64_t HeldQueue::size(const Caller&) {
  MutexLock hold(mutex_);
  return items_.size();
}

bool HeldQueue::full(const Caller&) {
  MutexLock hold(mutex_);
  return is_full();
}

void HeldQueue::task_done(const Caller&) {
  MutexLock hold(mutex_);
  if (unfinished_ == 0) {
    throw ValueError("Queue::task_done: called more often than items were put");
  }
  if (--unfinished_ == 0) changed();
}

bool HeldQueue::join(const Caller& caller, Patience patience) {
  const Deadline deadline = deadline_of(patience);
  MutexLock hold(mutex_);
  while (unfinished_ > 0) {
    if (!wait_for_change(deadline, caller)) return false;
  }
  return true;
}

}  // namespace weft::ipc::detail
