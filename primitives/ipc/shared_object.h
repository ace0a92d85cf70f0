// SharedObject<T>, SharedArray<T>: a T, or many, in memory that this process shares with the
// children it forks later.
//
// A handle: copies of it, also the copies that a child of fork() has, mean the same T at the same
// address. T has no destructor, because nobody knows who uses it last; its memory is given back
// when the last handle of the last process is gone. Each has pages of its own, which no
// descriptor leads to, so nobody can cut them off.
//
// Thread safety: as std::shared_ptr. Processes that do not descend from the maker cannot get at it;
//                SharedMemory is for them.
// Memory ordering: none. What was done before the fork is visible in the child.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "primitives/annotate.h"

namespace weft::internal {

// Zeroed, aligned for everything. std::system_error if there are none; of no bytes there is one.
std::shared_ptr<void> share_bytes(std::size_t size);

template <class T>
class SharedObject {
  static_assert(std::is_trivially_destructible_v<T>, "nobody knows who uses it last");

 public:
  template <class... Args>
  static SharedObject make(Args&&... args) {
    std::shared_ptr<void> bytes = share_bytes(sizeof(T));
    T* const object = new (bytes.get()) T(std::forward<Args>(args)...);
    return SharedObject(std::shared_ptr<T>(std::move(bytes), object));
  }

  T* get() const { return object_.get(); }
  T* operator->() const { return object_.get(); }
  T& operator*() const { return *object_; }

 private:
  explicit SharedObject(std::shared_ptr<T> object) : object_(std::move(object)) {}

  std::shared_ptr<T> object_;
};

template <class T>
class SharedArray {
  static_assert(std::is_trivially_destructible_v<T>, "nobody knows who uses it last");

 public:
  // Each value-initialised. std::system_error (ENOMEM) if so many are too many.
  static SharedArray make(std::size_t size) {
    std::shared_ptr<void> bytes =
        share_bytes(size <= SIZE_MAX / 2 / sizeof(T) ? size * sizeof(T) : SIZE_MAX / 2);
    T* const first = static_cast<T*>(bytes.get());
    for (std::size_t i = 0; i < size; ++i) new (first + i) T();
    return SharedArray(std::shared_ptr<T>(std::move(bytes), first), size);
  }

  T* get() const { return first_.get(); }
  std::size_t size() const { return size_; }
  T& operator[](std::size_t index) const { return first_.get()[index]; }
  T* begin() const { return first_.get(); }
  T* end() const { return first_.get() + size_; }

 private:
  SharedArray(std::shared_ptr<T> first, std::size_t size) : first_(std::move(first)), size_(size) {}

  std::shared_ptr<T> first_;
  std::size_t size_;
};

}  // namespace weft::internal

namespace weft::annotate {

// Handles are many, what they mean is one: names belong to it.
template <class Handle>
  requires requires(const Handle& handle) {
    { handle.shared_address() } -> std::same_as<const void*>;
  }
void named(const Handle* handle, const char* name) {
  named(handle->shared_address(), name);
}

}  // namespace weft::annotate
