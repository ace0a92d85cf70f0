// TaskState: a future and its function in one piece of memory, which is all that a task costs.
// Small ones are recycled: a worker that forks and joins gets the piece that it has just given
// back.
//
// Thread safety: run() by the worker that took the task; all else as of FutureState.
// Invariants:     (I1) The function is destroyed before the future is done, so what it held is let
//                      go when result() returns. If its destructor throws, the call has failed with
//                      that; if the call has failed or was not made, that goes to the hook of stray
//                      exceptions.
#pragma once

#include <memory>
#include <new>
#include <optional>
#include <stop_token>
#include <tuple>
#include <type_traits>
#include <utility>

#include "primitives/base/recycled_memory.h"
#include "primitives/pool/future.h"
#include "primitives/pool/stray_exception.h"
#include "primitives/pool/task.h"
#include "primitives/pool/workers.h"

namespace weft::internal {

// What a function that takes a stop_token first needs besides: a source of its own, which the end
// of its pool reaches, too.
struct WithStop {
  explicit WithStop(std::stop_token pool) : of_pool(std::move(pool)) {}
  std::stop_source source;
  std::stop_token of_pool;
};
struct WithoutStop {
  explicit WithoutStop(const std::stop_token&) {}
};

template <class F, class... Args>
inline constexpr bool takes_stop =
    std::is_invocable_v<std::decay_t<F>, std::stop_token, std::decay_t<Args>...>;

template <bool kTakesStop, class F, class... Args>
struct ResultOfTask {
  using type = std::invoke_result_t<std::decay_t<F>, std::decay_t<Args>...>;
};
template <class F, class... Args>
struct ResultOfTask<true, F, Args...> {
  using type = std::invoke_result_t<std::decay_t<F>, std::stop_token, std::decay_t<Args>...>;
};
template <class F, class... Args>
using TaskResult = typename ResultOfTask<takes_stop<F, Args...>, F, Args...>::type;

// The captures of a lambda that is a coroutine live in the lambda, and a task's function ends
// before its result is there. So a function whose result is a coroutine must have none; what the
// coroutine needs it takes as parameters, by value.
template <class F, class... Args>
concept MayEndBeforeItsResult = !requires {
  typename std::remove_cvref_t<TaskResult<F, Args...>>::promise_type;
} || std::is_empty_v<std::decay_t<F>> || !std::is_class_v<std::decay_t<F>>;

// A base for what is not recycled.
struct NotRecycled {};
template <class... Parts>
using RecycledIfAligned =
    std::conditional_t<((alignof(Parts) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__) && ...), Recycled,
                       NotRecycled>;

template <class F, class... Args>
class TaskState final
    : public ValueState<TaskResult<F, Args...>>,
      public RecycledIfAligned<ValueState<TaskResult<F, Args...>>,
                               std::tuple<std::decay_t<F>, std::decay_t<Args>...>> {
 public:
  using Result = TaskResult<F, Args...>;
  using Base = ValueState<Result>;
  using Call = std::tuple<std::decay_t<F>, std::decay_t<Args>...>;
  static constexpr bool kTakesStop = takes_stop<F, Args...>;

  // Two references: the future's and the task's.
  template <class... Given>
  TaskState(const void* home, const std::stop_token& stop, Given&&... given)
      : Base(home, 2), stop_(stop) {
    std::construct_at(call(), std::forward<Given>(given)...);
  }

  Task task() {
    return Task(&end, {reinterpret_cast<std::uintptr_t>(static_cast<FutureState*>(this))});
  }

  void run_claimed() noexcept override {
    try {
      invoke();
    } catch (...) {
      this->emplace_error(std::current_exception());
    }
    this->finish();
  }

  bool request_stop() noexcept override {
    if constexpr (kTakesStop) {
      (void)stop_.source.request_stop();
      return true;
    } else {
      return false;
    }
  }

 private:
  ~TaskState() override {
    if (has_call_) destroy_reporting(call());
  }
  static void destroy_reporting(Call* call) noexcept {
    end_reporting("the destructor of a task", [call] { std::destroy_at(call); });
  }

  static bool end(Task::Payload& payload, Task::Ask ask) {
    auto* const state = static_cast<TaskState*>(reinterpret_cast<FutureState*>(payload[0]));
    if (ask == Task::Ask::kIsOver) return state->begun();
    if (ask == Task::Ask::kRun && state->claim()) {
      state->run_claimed();
    } else {
      state->abandon();
      state->let_go_if_cancelled();
    }
    state->drop_reference();
    return true;
  }

  // Nobody can claim it any more.
  void let_go_if_cancelled() {
    if (this->cancelled() && std::exchange(has_call_, false)) destroy_reporting(call());
  }

  struct Ending {
    explicit Ending(Call* call) : call(call) {}
    Ending(const Ending&) = delete;
    Ending& operator=(const Ending&) = delete;
    ~Ending() {
      if (call != nullptr) destroy_reporting(call);  // the call has failed
    }
    void now() { std::destroy_at(std::exchange(call, nullptr)); }
    Call* call;
  };

  void invoke() {
    has_call_ = false;
    Ending ending(call());
    if constexpr (kTakesStop) {
      const std::stop_callback forward(stop_.of_pool,
                                       [this] { (void)stop_.source.request_stop(); });
      keep_result(stop_.source.get_token());
    } else {
      keep_result();
    }
    ending.now();
  }

  template <class... Token>
  void keep_result(Token... token) {
    const auto apply = [&]() -> Result {
      return std::apply(
          [&](auto& function, auto&... each) -> Result {
            return std::invoke(std::move(function), std::move(token)..., std::move(each)...);
          },
          *call());
    };
    if constexpr (std::is_void_v<Result>) {
      apply();
      this->emplace_value();
    } else {
      this->emplace_value(apply());
    }
  }

  Call* call() { return std::launder(reinterpret_cast<Call*>(storage_)); }

  [[no_unique_address]] std::conditional_t<kTakesStop, WithStop, WithoutStop> stop_;
  // Whoever has claimed the task may change these, or the pool once nobody can claim it.
  bool has_call_ = true;
  alignas(Call) std::byte storage_[sizeof(Call)];
};

// The one way into a pool that gives a future.
template <class F, class... Args>
auto submit_to(Workers& workers, F&& function, Args&&... args) {
  using State = TaskState<F, Args...>;
  auto* const state =
      new State(&workers, State::kTakesStop ? workers.stop_token() : std::stop_token(),
                std::forward<F>(function), std::forward<Args>(args)...);
  Future<typename State::Result> future(
      Reference<typename State::Base>::adopt(static_cast<typename State::Base*>(state)));
  try {
    workers.submit(state->task());
  } catch (...) {
    state->drop_reference();  // the task's
    throw;
  }
  return future;
}

}  // namespace weft::internal
