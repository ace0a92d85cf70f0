// SharedObject<T>: a T in memory that this process shares with the children it forks later.
//
// A handle: copies of it, also the copies that a child of fork() has, mean the same T at the same
// address. T has no destructor, because nobody knows who uses it last; its memory is given back
// when the last handle of the last process is gone. Each T has pages of its own, which no
// descriptor leads to, so nobody can cut them off.
//
// Thread safety: as std::shared_ptr. Processes that do not descend from the maker cannot get at it;
//                SharedMemory is for them.
// Memory ordering: none. What was done before the fork is visible in the child.
#pragma once

#include <sys/mman.h>

#include <cerrno>
#include <memory>
#include <new>
#include <system_error>
#include <type_traits>
#include <utility>

#include "primitives/annotate.h"

namespace weft::internal {

template <class T>
class SharedObject {
  static_assert(std::is_trivially_destructible_v<T>, "nobody knows who uses it last");

 public:
  template <class... Args>
  static SharedObject make(Args&&... args) {
    return SharedObject(place(std::forward<Args>(args)...));
  }

  T* get() const { return object_.get(); }
  T* operator->() const { return object_.get(); }
  T& operator*() const { return *object_; }

 private:
  explicit SharedObject(std::shared_ptr<T> object) : object_(std::move(object)) {}

#if defined(WEFT_EXPLORE)
  // The explorer knows one process, whose heap has the same addresses in each execution.
  template <class... Args>
  static std::shared_ptr<T> place(Args&&... args) {
    return {new T(std::forward<Args>(args)...), [](T* object) {
              annotate::destroyed(object);
              delete object;
            }};
  }
#else
  template <class... Args>
  static std::shared_ptr<T> place(Args&&... args) {
    void* const pages =
        ::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) {
      throw std::system_error(errno, std::system_category(), "shared memory for an object");
    }
    const auto unmap = [](T* object) {
      annotate::destroyed(object);
      (void)::munmap(object, sizeof(T));
    };
    std::unique_ptr<void, void (*)(void*)> guard(pages,
                                                 [](void* all) { (void)::munmap(all, sizeof(T)); });
    T* const object = new (pages) T(std::forward<Args>(args)...);
    (void)guard.release();
    return {object, unmap};
  }
#endif

  std::shared_ptr<T> object_;
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
