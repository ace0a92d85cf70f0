// Action: a function without arguments or result, to be called once or never.
//
// Small functions that may be copied as bytes, such as a lambda over some pointers, lie inside; any
// other has one allocation. So an Action is moved as bytes, which runs no code of the user's: it
// may be moved under a lock.
//
// Thread safety: as any object.
// Invariant: kind_ is null if and only if there is no function.
#pragma once

#include <cstddef>
#include <cstring>
#include <functional>
#include <new>
#include <type_traits>
#include <utility>

namespace weft::internal {

class Action {
 public:
  static constexpr std::size_t kInside = 40;  // bytes, so that a slot of the scheduler is 64

  Action() = default;
  template <class F>
    requires(!std::is_same_v<std::decay_t<F>, Action>)
  explicit Action(F&& function) {
    using Function = std::decay_t<F>;
    static_assert(std::is_nothrow_destructible_v<Function>,
                  "an event that is cancelled ends where nobody expects an exception");
    if constexpr (fits_inside<Function>()) {
      new (storage_) Function(std::forward<F>(function));
      kind_ = &kKindInside<Function>;
    } else {
      hold(new Function(std::forward<F>(function)));
      kind_ = &kKindOutside<Function>;
    }
  }
  Action(Action&& other) noexcept { take(other); }
  Action& operator=(Action&& other) noexcept {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  ~Action() { reset(); }

  void operator()() { kind_->call(storage_); }
  // Runs the destructor of the function, hence code of the user's.
  void reset() {
    const Kind* const kind = std::exchange(kind_, nullptr);
    if (kind != nullptr && kind->destroy != nullptr) kind->destroy(storage_);
  }

 private:
  struct Kind {
    void (*call)(void* storage);
    void (*destroy)(void* storage);  // null: there is nothing to do
  };

  template <class Function>
  static constexpr bool fits_inside() {
    return sizeof(Function) <= kInside && alignof(Function) <= alignof(void*) &&
           std::is_trivially_copyable_v<Function>;
  }
  template <class Function>
  static Function* held(void* storage) {
    Function* function;
    std::memcpy(&function, storage, sizeof function);
    return function;
  }
  template <class Function>
  void hold(Function* function) {
    std::memcpy(storage_, &function, sizeof function);
  }
  void take(Action& other) {
    kind_ = std::exchange(other.kind_, nullptr);
    std::memcpy(storage_, other.storage_, kInside);
  }

  template <class Function>
  static constexpr Kind kKindInside{
      [](void* storage) { std::invoke(*std::launder(static_cast<Function*>(storage))); }, nullptr};
  template <class Function>
  static constexpr Kind kKindOutside{[](void* storage) { std::invoke(*held<Function>(storage)); },
                                     [](void* storage) { delete held<Function>(storage); }};

  const Kind* kind_ = nullptr;
  alignas(void*) std::byte storage_[kInside];
};

}  // namespace weft::internal
