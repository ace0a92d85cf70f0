// Value<T>, RawValue<T>: one value that processes share, as Python's multiprocessing.Value with and
// without its lock.
//
// Handles: copies of one, and what a child of fork() has of it, mean the same value. T is copied as
// bytes; a pointer or a reference in it means nothing in another process, which no compiler checks.
//
// A Value has an RLock. get() and set() are each one critical section, so an update of two of them
// loses updates of others; with_lock() and fetch_add() do not. A process that is killed inside
// leaves the lock inconsistent, and all operations throw OwnerDiedError until somebody calls
// get_lock().recover(), makes the value good by with_lock(), and releases it.
//
// A RawValue has none. load(), store(), fetch_add() and the like are atomic, where the machine can
// do that without a lock; reference() is for who has a lock of his own or needs none.
//
// Thread safety: every function from any thread of any process, but reference().
// Invariant:     a Value is read and written by the owner of its lock alone.
// Memory ordering: as the lock's; a RawValue's atomic operations are sequentially consistent.
#pragma once

#include <atomic>
#include <concepts>
#include <functional>
#include <mutex>
#include <type_traits>
#include <utility>

#include "primitives/ipc/rlock.h"
#include "primitives/ipc/shared_object.h"

namespace weft::ipc {

// What can lie in memory that processes share: bytes say all of it.
template <class T>
concept Shareable = std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T> &&
                    !std::is_pointer_v<T> && !std::is_reference_v<T>;

template <Shareable T>
class Value {
 public:
  explicit Value(T initial = T()) : Value(RLock(), initial) {}
  // A lock of the caller's, which may guard more than this.
  explicit Value(RLock lock, T initial = T())
      : lock_(std::move(lock)), shared_(internal::SharedObject<T>::make(initial)) {}

  T get() {
    return with_lock([](const T& value) { return value; });
  }
  void set(const T& value) {
    with_lock([&](T& mine) { mine = value; });
  }
  // f(value), where `value` is a T& that it may change; with the lock held, and what it returns.
  template <class F>
  decltype(auto) with_lock(F&& f) {
    const std::scoped_lock hold(lock_);
    return std::invoke(std::forward<F>(f), *shared_);
  }
  // What it was before. Unsigned and atomic integers wrap round; of others too much is undefined.
  T fetch_add(T summand)
    requires std::integral<T> || std::floating_point<T>
  {
    return with_lock(
        [&](T& value) { return std::exchange(value, static_cast<T>(value + summand)); });
  }

  RLock& get_lock() { return lock_; }
  const void* shared_address() const { return shared_.get(); }

 private:
  RLock lock_;
  internal::SharedObject<T> shared_;
};

template <Shareable T>
class RawValue {
  static constexpr bool kAtomic = std::atomic_ref<T>::is_always_lock_free;

 public:
  explicit RawValue(T initial = T()) : shared_(internal::SharedObject<T>::make(initial)) {}

  T load() const
    requires kAtomic
  {
    return atomic().load();
  }
  void store(T value)
    requires kAtomic
  {
    atomic().store(value);
  }
  T exchange(T value)
    requires kAtomic
  {
    return atomic().exchange(value);
  }
  bool compare_exchange(T& expected, T wanted)
    requires kAtomic
  {
    return atomic().compare_exchange_strong(expected, wanted);
  }
  T fetch_add(T summand)
    requires kAtomic && (std::integral<T> || std::floating_point<T>)
  {
    return atomic().fetch_add(summand);
  }
  T fetch_sub(T subtrahend)
    requires kAtomic && (std::integral<T> || std::floating_point<T>)
  {
    return atomic().fetch_sub(subtrahend);
  }

  T& reference() const { return *shared_; }
  const void* shared_address() const { return shared_.get(); }

 private:
  std::atomic_ref<T> atomic() const { return std::atomic_ref<T>(*shared_); }

  internal::SharedObject<T> shared_;
};

}  // namespace weft::ipc
