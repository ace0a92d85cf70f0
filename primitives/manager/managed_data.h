// Proxies for data in a manager: value, list, dict, namespace, queue.
//
// Each call is atomic. A read followed by a write is two calls, and what another process writes in
// between is lost:
//
//   a.set(a.get() + 'o');                                       // loses updates
//   a.update([](std::string& s, char c) { s += c; }, 'o');      // does not
//
// and what a call brings is a copy: list.at(0).push_back(1) changes the copy alone.
//
// update() calls a function in the manager's process with the state, and stores what the function
// made of it; no other call comes in between. It may be called by the manager's maker and by what
// descends from it. The function must not use the manager, and what it changes besides is the
// manager's process's own. If it throws, nothing has changed, and the caller gets the exception as
// from a pool (primitives/process_pool/remote_failure.h).
//
// Types are those that can be sent (primitives/message/codec.h).
//
// Thread safety: every function from any thread of any process.
// Memory ordering: what was done before a call is visible to who sees what the call did.
// Throw, all: ManagerGoneError, NoSuchObjectError, TimeoutError past the client's reply limit.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/manager/managed_object.h"
#include "primitives/manager/managed_update.h"

namespace weft::ipc {

template <class T>
class ManagedValue : public ManagedObject {
 public:
  explicit ManagedValue(std::shared_ptr<const Reference> reference)
      : ManagedObject(std::move(reference), kKind, type()) {}
  static constexpr detail::Kind kKind = detail::Kind::kValue;
  static std::string type() { return std::string(type_text<T>()); }

  T get() const { return decode<T>(ask<detail::Bytes>(detail::Op::kGet)); }
  void set(const T& value) const { ask(detail::Op::kSet, encode(value)); }
  // R f(T&, Args...); returns what it returns.
  template <class F, class... Args>
  auto update(F function, Args&&... args) const {
    using R = typename detail::UpdateFunctionOf<F>::Result;
    return ask_update<R>(detail::Op::kUpdate, detail::update_arguments<detail::OneMessage<T>>(
                                                  link(), function, std::forward<Args>(args)...));
  }
};

// Indices throw std::out_of_range.
template <class T>
class ManagedList : public ManagedObject {
 public:
  explicit ManagedList(std::shared_ptr<const Reference> reference)
      : ManagedObject(std::move(reference), kKind, type()) {}
  static constexpr detail::Kind kKind = detail::Kind::kList;
  static std::string type() { return std::string(type_text<T>()); }

  T at(std::uint64_t index) const { return decode<T>(ask<detail::Bytes>(detail::Op::kGet, index)); }
  void set(std::uint64_t index, const T& item) const { ask(detail::Op::kSet, index, encode(item)); }
  void append(const T& item) const {
    ask(detail::Op::kAppend, std::vector<detail::Bytes>{encode(item)});
  }
  // All of them next to each other.
  void extend(const std::vector<T>& items) const {
    ask(detail::Op::kAppend, detail::MessageEach<T>::split(items));
  }
  void insert(std::uint64_t index, const T& item) const {
    ask(detail::Op::kInsert, index, encode(item));
  }
  // Takes one out: the last, or that one.
  T pop() const { return take({}); }
  T pop(std::uint64_t index) const { return take(index); }
  std::uint64_t size() const { return ask<std::uint64_t>(detail::Op::kSize); }
  void clear() const { ask(detail::Op::kClear); }
  std::vector<T> all() const {
    return detail::MessageEach<T>::join(ask<std::vector<detail::Bytes>>(detail::Op::kAll));
  }
  // R f(std::vector<T>&, Args...). All items are encoded anew.
  template <class F, class... Args>
  auto update(F function, Args&&... args) const {
    using R = typename detail::UpdateFunctionOf<F>::Result;
    return ask_update<R>(detail::Op::kUpdate, detail::update_arguments<detail::MessageEach<T>>(
                                                  link(), function, std::forward<Args>(args)...));
  }

 private:
  T take(std::optional<std::uint64_t> index) const {
    return decode<T>(ask<detail::Bytes>(detail::Op::kTake, index));
  }
};

// Keys are equal if their encodings are: so no unordered containers in them, and 0.0 is not -0.0.
template <class K, class V>
class ManagedDict : public ManagedObject {
 public:
  using Map = std::map<K, V>;

  explicit ManagedDict(std::shared_ptr<const Reference> reference)
      : ManagedObject(std::move(reference), kKind, type()) {}
  static constexpr detail::Kind kKind = detail::Kind::kDict;
  static std::string type() { return std::string(type_text<Map>()); }

  // Throws std::out_of_range if there is none.
  V at(const K& key) const {
    if (auto value = find(key)) return *std::move(value);
    throw std::out_of_range("manager: a dict has no such key");
  }
  std::optional<V> find(const K& key) const {
    return value_of(ask<std::optional<detail::Bytes>>(detail::Op::kFindItem, encode(key)));
  }
  bool contains(const K& key) const { return find(key).has_value(); }
  void set(const K& key, const V& value) const {
    ask(detail::Op::kSet, encode(key), encode(value));
  }
  // Whether there was one.
  bool erase(const K& key) const { return ask<bool>(detail::Op::kErase, encode(key)); }
  // Takes it out.
  std::optional<V> pop(const K& key) const {
    return value_of(ask<std::optional<detail::Bytes>>(detail::Op::kTake, encode(key)));
  }
  std::uint64_t size() const { return ask<std::uint64_t>(detail::Op::kSize); }
  void clear() const { ask(detail::Op::kClear); }
  // In no order.
  std::vector<K> keys() const {
    return detail::MessageEach<K>::join(ask<std::vector<detail::Bytes>>(detail::Op::kKeys));
  }
  Map all() const {
    Map map;
    for (const auto& [key, value] :
         ask<std::vector<std::pair<detail::Bytes, detail::Bytes>>>(detail::Op::kAll)) {
      map.emplace(decode<K>(key), decode<V>(value));
    }
    return map;
  }
  // R f(std::map<K, V>&, Args...). All items are encoded anew.
  template <class F, class... Args>
  auto update(F function, Args&&... args) const {
    using R = typename detail::UpdateFunctionOf<F>::Result;
    return ask_update<R>(detail::Op::kUpdate, detail::update_arguments<detail::KeysAndValues<Map>>(
                                                  link(), function, std::forward<Args>(args)...));
  }
  // R f(V&, Args...), with the value of the key. Throws std::out_of_range if there is none.
  template <class F, class... Args>
  auto update_item(const K& key, F function, Args&&... args) const {
    using R = typename detail::UpdateFunctionOf<F>::Result;
    return ask_update<R>(detail::Op::kUpdateItem,
                         std::tuple_cat(std::tuple(encode(key)),
                                        detail::update_arguments<detail::OneMessage<V>>(
                                            link(), function, std::forward<Args>(args)...)));
  }

 private:
  static std::optional<V> value_of(const std::optional<detail::Bytes>& bytes) {
    return bytes ? std::optional<V>(decode<V>(*bytes)) : std::nullopt;
  }
};

// Attributes by name, each of a type of its own.
class ManagedNamespace : public ManagedObject {
 public:
  explicit ManagedNamespace(std::shared_ptr<const Reference> reference)
      : ManagedObject(std::move(reference), kKind, type()) {}
  static constexpr detail::Kind kKind = detail::Kind::kNamespace;
  static std::string type() { return {}; }

  template <class T>
  void set(const std::string& name, const T& value) const {
    ask(detail::Op::kSet, encode(name), encode(value));
  }
  // Throws std::out_of_range if there is none, DecodeError if it is of another type.
  template <class T>
  T get(const std::string& name) const {
    const auto bytes = ask<std::optional<detail::Bytes>>(detail::Op::kFindItem, encode(name));
    if (!bytes) throw std::out_of_range("manager: a namespace has no attribute '" + name + "'");
    return decode<T>(*bytes);
  }
  bool has(const std::string& name) const {
    return ask<std::optional<detail::Bytes>>(detail::Op::kFindItem, encode(name)).has_value();
  }
  bool erase(const std::string& name) const { return ask<bool>(detail::Op::kErase, encode(name)); }
  std::vector<std::string> names() const {
    return detail::MessageEach<std::string>::join(
        ask<std::vector<detail::Bytes>>(detail::Op::kKeys));
  }
  // R f(T&, Args...), where T is the attribute's type.
  template <class F, class... Args>
  auto update(const std::string& name, F function, Args&&... args) const {
    using Function = detail::UpdateFunctionOf<F>;
    using R = typename Function::Result;
    return ask_update<R>(
        detail::Op::kUpdateItem,
        std::tuple_cat(std::tuple(encode(name)),
                       detail::update_arguments<detail::OneMessage<typename Function::State>>(
                           link(), function, std::forward<Args>(args)...)));
  }
};

// First in, first out. An item goes to one getter; if that one's process ends before the item has
// arrived there, it is at the front again, though the queue be full then.
template <class T>
class ManagedQueue : public ManagedObject {
 public:
  explicit ManagedQueue(std::shared_ptr<const Reference> reference)
      : ManagedObject(std::move(reference), kKind, type()) {}
  static constexpr detail::Kind kKind = detail::Kind::kQueue;
  static std::string type() { return std::string(type_text<T>()); }

  void put(const T& item) const { (void)put_within(item, detail::kForEver); }
  // Throw QueueFull if there is no room, at once or in time.
  void put_nowait(const T& item) const { require_room(put_within(item, 0)); }
  template <class Rep, class Period>
  void put_for(const T& item, const std::chrono::duration<Rep, Period>& timeout) const {
    require_room(put_within(item, patience(timeout)));
  }
  T get() const { return require_item(get_within(detail::kForEver)); }
  // Throw QueueEmpty if there is nothing, at once or in time.
  T get_nowait() const { return require_item(get_within(0)); }
  template <class Rep, class Period>
  T get_for(const std::chrono::duration<Rep, Period>& timeout) const {
    return require_item(get_within(patience(timeout)));
  }

  // Throws ValueError if that would be one more than were put.
  void task_done() const { ask(detail::Op::kTaskDone); }
  // Until every item that was put is done with.
  void join() const { (void)ask_waiting<bool>(detail::Op::kJoin, detail::kForEver); }
  template <class Rep, class Period>
  [[nodiscard]] bool join_for(const std::chrono::duration<Rep, Period>& timeout) const {
    return ask_waiting<bool>(detail::Op::kJoin, patience(timeout));
  }

  // May be wrong by the time they return.
  std::uint64_t qsize() const { return ask<std::uint64_t>(detail::Op::kSize); }
  bool empty() const { return qsize() == 0; }
  bool full() const { return ask<bool>(detail::Op::kFull); }

 private:
  bool put_within(const T& item, detail::Patience patience) const {
    return ask_waiting<bool>(detail::Op::kPut, encode(item), patience);
  }
  std::optional<T> get_within(detail::Patience patience) const {
    const auto item = fetch<std::optional<detail::Bytes>>(detail::Op::kGet, patience);
    return item ? std::optional<T>(decode<T>(*item)) : std::nullopt;
  }
  static void require_room(bool done) {
    if (!done) throw QueueFull("manager: there was no room in the queue in time");
  }
  static T require_item(std::optional<T> item) {
    if (!item) throw QueueEmpty("manager: there was nothing in the queue in time");
    return *std::move(item);
  }
};

}  // namespace weft::ipc
