// Array<T>, RawArray<T>: values that processes share, as Python's multiprocessing.Array with and
// without its lock. The number of them is fixed.
//
// As Value and RawValue (value.h) in all that is said there: handles, one RLock for all elements,
// OwnerDiedError after a kill inside, bytes.
//
// Thread safety: every function from any thread of any process, but span() and operator[].
// Invariant:     an Array is read and written by the owner of its lock alone.
// Memory ordering: as the lock's; a RawArray's atomic operations are sequentially consistent.
#pragma once

#include <algorithm>
#include <atomic>
#include <concepts>
#include <cstddef>
#include <functional>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "primitives/ipc/rlock.h"
#include "primitives/ipc/shared_object.h"
#include "primitives/ipc/value.h"

namespace weft::ipc {

namespace internal_array {

// Python's IndexError.
inline std::size_t checked(std::size_t index, std::size_t size) {
  if (index < size) return index;
  throw std::out_of_range("Array: index " + std::to_string(index) + " of " + std::to_string(size));
}

template <class T>
weft::internal::SharedArray<T> copy_of(std::span<const T> values) {
  auto copy = weft::internal::SharedArray<T>::make(values.size());
  std::ranges::copy(values, copy.begin());
  return copy;
}

}  // namespace internal_array

template <Shareable T>
class Array {
 public:
  // Of so many zeros, or of these. std::system_error if there is no memory for them.
  explicit Array(std::size_t size, RLock lock = RLock())
      : lock_(std::move(lock)), elements_(internal::SharedArray<T>::make(size)) {}
  explicit Array(std::span<const T> values, RLock lock = RLock())
      : lock_(std::move(lock)), elements_(internal_array::copy_of(values)) {}

  std::size_t size() const { return elements_.size(); }
  // std::out_of_range for an index that is not below size().
  T get(std::size_t index) {
    return with_lock([&](std::span<T> all) { return all[internal_array::checked(index, size())]; });
  }
  void set(std::size_t index, const T& value) {
    with_lock([&](std::span<T> all) { all[internal_array::checked(index, size())] = value; });
  }
  T fetch_add(std::size_t index, T summand)
    requires std::integral<T> || std::floating_point<T>
  {
    return with_lock([&](std::span<T> all) {
      T& value = all[internal_array::checked(index, size())];
      return std::exchange(value, static_cast<T>(value + summand));
    });
  }
  // All of it at one moment.
  std::vector<T> copy() {
    return with_lock([](std::span<T> all) { return std::vector<T>(all.begin(), all.end()); });
  }
  // f(elements), where `elements` is a std::span<T>; with the lock held, and what it returns.
  template <class F>
  decltype(auto) with_lock(F&& f) {
    const std::scoped_lock hold(lock_);
    return std::invoke(std::forward<F>(f), std::span<T>(elements_.get(), elements_.size()));
  }

  RLock& get_lock() { return lock_; }
  const void* shared_address() const { return elements_.get(); }

 private:
  RLock lock_;
  internal::SharedArray<T> elements_;
};

template <Shareable T>
class RawArray {
  static constexpr bool kAtomic = std::atomic_ref<T>::is_always_lock_free;

 public:
  explicit RawArray(std::size_t size) : elements_(internal::SharedArray<T>::make(size)) {}
  explicit RawArray(std::span<const T> values) : elements_(internal_array::copy_of(values)) {}

  std::size_t size() const { return elements_.size(); }
  std::span<T> span() const { return {elements_.get(), elements_.size()}; }
  // Not checked.
  T& operator[](std::size_t index) const { return elements_[index]; }
  // std::out_of_range for an index that is not below size().
  std::atomic_ref<T> atomic(std::size_t index) const
    requires kAtomic
  {
    return std::atomic_ref<T>(elements_[internal_array::checked(index, size())]);
  }

  const void* shared_address() const { return elements_.get(); }

 private:
  internal::SharedArray<T> elements_;
};

}  // namespace weft::ipc
