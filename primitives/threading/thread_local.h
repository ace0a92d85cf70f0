// ThreadLocal<T>: one object, another value in each thread, as Python's threading.local.
//
// A thread's value is made by the factory when that thread first asks for it. It dies at the
// thread's end or with the ThreadLocal, whichever comes first.
//
// Thread safety: get() and has_value() from any thread; the value belongs to the calling thread
// alone. The factory runs in the asking thread, perhaps in several at once. Destroy the ThreadLocal
// when no thread is inside one of its functions and none uses its value any more. Invariant: (I1) a
// value is destroyed exactly once, by its thread or by the ThreadLocal. At a thread's end,
// destructors of values may use ThreadLocals again; new values made so are destroyed too, in a few
// rounds (PTHREAD_DESTRUCTOR_ITERATIONS), beyond which they leak.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

namespace weft {
namespace internal {

// What is the same for every T. A slot is one thread's value in one ThreadLocal.
class ThreadLocalBase {
 public:
  using Destroy = void (*)(void* value);

  explicit ThreadLocalBase(Destroy destroy);
  ~ThreadLocalBase();
  ThreadLocalBase(const ThreadLocalBase&) = delete;
  ThreadLocalBase& operator=(const ThreadLocalBase&) = delete;

 protected:
  // The calling thread's value, or null.
  void* find() const;
  // Makes `value` the calling thread's; there must be none. Takes ownership, also when it throws.
  void insert(void* value) const;

 private:
  friend class ThreadLocalSlots;
  struct Core;

  const std::shared_ptr<Core> core_;
};

}  // namespace internal

template <class T>
class ThreadLocal : private internal::ThreadLocalBase {
 public:
  ThreadLocal() : ThreadLocal([] { return T(); }) {}
  explicit ThreadLocal(std::function<T()> factory)
      : ThreadLocalBase([](void* value) { delete static_cast<T*>(value); }),
        factory_(std::move(factory)) {}

  // The calling thread's value; made now if there is none. An exception of the factory passes
  // through, and the next get() tries again.
  T& get() const {
    if (void* value = find()) return *static_cast<T*>(value);
    T* value = new T(factory_());
    insert(value);
    return *value;
  }
  T& operator*() const { return get(); }
  T* operator->() const { return &get(); }

  // Whether the calling thread has one already.
  bool has_value() const { return find() != nullptr; }

 private:
  const std::function<T()> factory_;
};

}  // namespace weft
