// Models as plain structs: the state, and a function for each operation.
//
//   struct Lock {
//     bool held = false;
//     Waits<> acquire() {
//       if (held) return not_enabled;
//       held = true;
//       return done;
//     }
//     bool try_acquire() { return !std::exchange(held, true); }
//     Waits<> release() {
//       if (!std::exchange(held, false)) return throws("RuntimeError");
//       return done;
//     }
//   };
//   const auto lock = ModelOf<Lock>("Lock")
//                         .operation("acquire", &Lock::acquire)
//                         .operation("try_acquire", &Lock::try_acquire)
//                         .operation("release", &Lock::release);
//
// A function takes the operation's arguments, by value or constant reference, and gives its result;
// std::optional ones at the end may be left out by the caller. A lambda takes the state first.
// Waits<T> is for one that may wait, throw, or take several steps. One that must know who calls, in
// which step, or what was seen, takes a `const Turn&` first:
//
//   Waits<> wait(const Turn& turn) {
//     if (turn.step == 0) {
//       line.push_back(turn.thread);
//       return entered;                                         // others go on in between
//     }
//     if (notified.erase(turn.thread) == 0) return not_enabled; // may have changed the state: it
//     return done;                                              // is thrown away
//   }
//   bool try_acquire(const Turn& turn) {                        // may fail for no reason
//     if (saw(turn, false)) return false;
//     return !std::exchange(held, true);
//   }
//
// A function that throws gives what thrown_now() says; throws() is the same, and faster.
//
// Declare const what only looks: the judge is faster for it.
//
// The state is copied, compared and hashed member by member, see members.h. If its parts are
// independent (the keys of a map), it says of each operation to which it belongs, and nothing of
// one that concerns all:
//
//   static std::optional<Value> part(std::string_view operation, std::span<const Value> arguments);
//
// Thread safety: constant once made.
#pragma once

#include <concepts>
#include <cstddef>
#include <exception>
#include <functional>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "stress/linearize/abstraction.h"
#include "stress/linearize/convert.h"
#include "stress/linearize/members.h"
#include "stress/linearize/signature.h"
#include "stress/linearize/specification.h"
#include "stress/linearize/value.h"
#include "stress/linearize/waits.h"

namespace weft::linearize {

namespace internal {

// Texts and values are lent, all else is converted.
template <class Parameter>
decltype(auto) argument_from(const Value& value) {
  using Type = std::remove_cvref_t<Parameter>;
  static_assert(
      !std::is_lvalue_reference_v<Parameter> || std::is_const_v<std::remove_reference_t<Parameter>>,
      "an argument is a value: take it by value or by constant reference");
  if constexpr (std::same_as<Type, Value>) {
    return static_cast<const Value&>(value);
  } else if constexpr (std::same_as<Type, std::string>) {
    const auto* const text = value.get_if<std::string>();
    if (text == nullptr) refuse(value, "a text");
    return static_cast<const std::string&>(*text);
  } else {
    return from_value<Type>(value);
  }
}

// Optional arguments at the end may be left out.
inline const Value& argument_of(const Turn& turn, std::size_t place) {
  static const Value nothing;
  return place < turn.arguments.size() ? turn.arguments[place] : nothing;
}
template <class Parameters, std::size_t Count = std::tuple_size_v<Parameters>>
constexpr std::size_t least_arguments() {
  if constexpr (Count == 0) {
    return 0;
  } else if constexpr (Optional<std::remove_cvref_t<std::tuple_element_t<Count - 1, Parameters>>>) {
    return least_arguments<Parameters, Count - 1>();
  } else {
    return Count;
  }
}

}  // namespace internal

// Throws ValueError, with the numbers.
[[noreturn]] void refuse_arguments(const std::string& operation, std::size_t given,
                                   std::size_t least, std::size_t most);

template <class State>
class ModelOf final : public Specification {
  static_assert(std::is_copy_constructible_v<State> && std::is_copy_assignable_v<State>,
                "a model's state is copied at each branch of the search");
  static_assert(alignof(State) <= alignof(std::max_align_t), "a state's alignment is ordinary");

 public:
  explicit ModelOf(std::string name, State initial = {})
      : name_(std::move(name)), initial_(std::move(initial)) {}

  // `next`: a member function of the state, or what is called with the state first.
  // `role`: see abstraction.h.
  template <class Next>
  ModelOf& operation(std::string name, Next next, Role role = Role::kOther) {
    abstraction_.roles.push_back(role);
    static_assert(
        std::is_member_function_pointer_v<Next> ||
            requires { typename internal::Signature<Next>::Arguments; },
        "an operation is a member function of the state, or a function or lambda whose "
        "parameters are not `auto`; of an overloaded one, choose by static_cast");
    using Signature = internal::Signature<Next>;
    if constexpr (std::is_member_function_pointer_v<Next>) {
      reads_only_.push_back(Signature::kConst);
      add<typename Signature::Arguments>(std::move(name), std::move(next));
    } else {
      using First = std::tuple_element_t<0, typename Signature::Arguments>;
      static_assert(std::same_as<std::remove_cvref_t<First>, State> && std::is_reference_v<First>,
                    "a model's lambda takes the state first, by reference");
      reads_only_.push_back(std::is_const_v<std::remove_reference_t<First>>);
      add<typename internal::Tail<typename Signature::Arguments>::Type>(std::move(name),
                                                                        std::move(next));
    }
    return *this;
  }
  // Which abstract type this is, so that the judge may take a faster way.
  ModelOf& is(Kind kind, Value initial = {}) {
    abstraction_.kind = kind;
    abstraction_.initial = std::move(initial);
    return *this;
  }
  const State& initial() const { return initial_; }

  std::string name() const override { return name_; }
  std::span<const std::string> functions() const override { return names_; }
  std::size_t state_bytes() const override { return sizeof(State); }
  void make_initial(void* state) const override { new (state) State(initial_); }
  void copy(void* state, const void* from) const override { new (state) State(of(from)); }
  void assign(void* state, const void* from) const override { of(state) = of(from); }
  void destroy(void* state) const noexcept override { of(state).~State(); }
  bool is_trivial() const override { return std::is_trivially_copyable_v<State>; }
  bool equal(const void* a, const void* b) const override { return internal::equal(of(a), of(b)); }
  std::size_t hash(const void* state) const override { return internal::hash_of(of(state)); }
  std::string text(const void* state) const override {
    if constexpr (requires { std::string(of(state).text()); }) {
      return of(state).text();
    } else {
      return to_value(of(state)).text();
    }
  }

  Step step(void* state, const Turn& turn) const override {
    State next = of(state);
    Step step = calls_[turn.function](next, turn);
    if (step.kind == Step::kDone || step.kind == Step::kEntered) of(state) = std::move(next);
    return step;
  }
  Step step_or_spoil(void* state, const Turn& turn) const override {
    return calls_[turn.function](of(state), turn);
  }

  std::optional<Value> part(unsigned function, std::span<const Value> arguments) const override {
    if constexpr (requires { State::part(std::string_view(), arguments); }) {
      return State::part(names_[function], arguments);
    } else {
      return Value();
    }
  }
  bool reads_only(unsigned function) const override { return reads_only_[function]; }
  const Abstraction& abstraction() const override { return abstraction_; }

 private:
  static State& of(void* state) { return *static_cast<State*>(state); }
  static const State& of(const void* state) { return *static_cast<const State*>(state); }

  template <class Parameters, class Next>
  void add(std::string name, Next next) {
    if constexpr (internal::kTurnFirst<Parameters>) {
      add_call<typename internal::Tail<Parameters>::Type>(
          std::move(name), [next](State& state, const Turn& turn, const auto&... arguments) {
            return std::invoke(next, state, turn, arguments...);
          });
    } else {
      add_call<Parameters>(std::move(name),
                           [next](State& state, const Turn&, const auto&... arguments) {
                             return std::invoke(next, state, arguments...);
                           });
    }
  }

  template <class Parameters, class Next>
  void add_call(std::string name, Next next) {
    names_.push_back(name);
    calls_.push_back([next, name = std::move(name)](State& state, const Turn& turn) {
      constexpr std::size_t kMost = std::tuple_size_v<Parameters>;
      constexpr std::size_t kLeast = internal::least_arguments<Parameters>();
      const std::size_t given = turn.arguments.size();
      if (given < kLeast || given > kMost) refuse_arguments(name, given, kLeast, kMost);
      Step step = [&]<std::size_t... I>(std::index_sequence<I...>) {
        // An argument of a wrong type is an error of the caller's, and no result.
        const std::tuple<decltype(internal::argument_from<std::tuple_element_t<I, Parameters>>(
            Value()))...>
            arguments{internal::argument_from<std::tuple_element_t<I, Parameters>>(
                internal::argument_of(turn, I))...};
        try {
          return step_of(next, state, turn, std::get<I>(arguments)...);
        } catch (const std::exception&) {
          return Step{Step::kDone, thrown_now()};
        }
      }(std::make_index_sequence<std::tuple_size_v<Parameters>>());
      if (step.kind == Step::kDone && turn.seen != nullptr && step.result != *turn.seen) {
        step.kind = Step::kRefused;
      }
      return step;
    });
  }

  template <class Next, class... Arguments>
  static Step step_of(const Next& next, State& state, const Turn& turn,
                      const Arguments&... arguments) {
    using Result = std::invoke_result_t<const Next&, State&, const Turn&, const Arguments&...>;
    if constexpr (std::is_void_v<Result>) {
      next(state, turn, arguments...);
      return {};
    } else if constexpr (internal::kWaits<Result>) {
      return std::move(next(state, turn, arguments...)).step();
    } else {
      return {Step::kDone, to_value(next(state, turn, arguments...))};
    }
  }

  std::string name_;
  State initial_;
  std::vector<std::string> names_;
  std::vector<std::function<Step(State&, const Turn&)>> calls_;
  std::vector<char> reads_only_;
  Abstraction abstraction_;
};

}  // namespace weft::linearize
