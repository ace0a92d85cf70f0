// Task: something to be called once, in four words that may be copied as words.
//
// The queues of a pool hold tasks in atomic words and read some that another thread takes; so a
// Task is trivially copyable, and who owns it is a rule and no destructor: whoever has taken a task
// calls run() or drop() on one copy of it, once. A function that is trivially copyable and no
// larger than three words lies in the task itself; another one in a Box on the heap.
//
// Thread safety: a value type.
// Invariants:     (I1) run() and drop() both end the function's life, also when run() throws. What
//                      the function's destructor throws goes to the hook of stray exceptions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <type_traits>
#include <utility>

#include "primitives/pool/stray_exception.h"

namespace weft::internal {

class Task {
 public:
  static constexpr std::size_t kWords = 4;
  using Words = std::array<std::uintptr_t, kWords>;

  // kIsOver: whether the task may be dropped because its work has begun elsewhere; ends nothing.
  enum class Ask { kRun, kDrop, kIsOver };
  using Payload = std::array<std::uintptr_t, kWords - 1>;
  using Call = bool (*)(Payload& payload, Ask ask);

  Task() = default;
  Task(Call call, Payload payload)
      : words_{reinterpret_cast<std::uintptr_t>(call), payload[0], payload[1], payload[2]} {}

  // May throw what the function's copy or move throws, and bad_alloc.
  template <class F>
  static Task of(F&& function) {
    using Function = std::decay_t<F>;
    if constexpr (lies_in_words<Function>) {
      Payload payload{};
      std::memcpy(&payload, &function, sizeof(Function));
      return Task(&call_in_words<Function>, payload);
    } else {
      auto box = std::make_unique<Function>(std::forward<F>(function));
      return Task(&call_in_box<Function>, {reinterpret_cast<std::uintptr_t>(box.release())});
    }
  }

  explicit operator bool() const { return words_[0] != 0; }

  // Throws what the function throws.
  void run() { (void)ask(Ask::kRun); }
  void drop() { (void)ask(Ask::kDrop); }
  bool is_over() { return ask(Ask::kIsOver); }

  // What the task is about, for one whose payload says so first: its future.
  const void* subject() const { return reinterpret_cast<const void*>(words_[1]); }

  // For queues.
  const Words& words() const { return words_; }
  static Task from_words(const Words& words) {
    Task task;
    task.words_ = words;
    return task;
  }

 private:
  template <class Function>
  struct Box {
    ~Box() {
      end_reporting("the destructor of a task", [this] { delete function; });
    }
    Function* const function;
  };

  template <class Function>
  static constexpr bool lies_in_words =
      std::is_trivially_copyable_v<Function> && std::is_trivially_destructible_v<Function> &&
      sizeof(Function) <= sizeof(Payload) && alignof(Function) <= alignof(Payload);

  template <class Function>
  static bool call_in_words(Payload& payload, Ask ask) {
    if (ask == Ask::kRun) std::move (*reinterpret_cast<Function*>(payload.data()))();
    return false;
  }
  template <class Function>
  static bool call_in_box(Payload& payload, Ask ask) {
    if (ask == Ask::kIsOver) return false;
    const Box<Function> box{reinterpret_cast<Function*>(payload[0])};
    if (ask == Ask::kRun) std::move (*box.function)();
    return false;
  }

  bool ask(Ask what) {
    Payload payload{words_[1], words_[2], words_[3]};
    return reinterpret_cast<Call>(words_[0])(payload, what);
  }

  Words words_{};
};
static_assert(std::is_trivially_copyable_v<Task> && sizeof(Task) == 32);

}  // namespace weft::internal
