// RemoteCall: how a function is called in another process of the same image.
//
// A function is sent as its address, which is the same in all processes that were forked from one,
// together with the address of the template instance that knows its types; its arguments and its
// result are encoded (primitives/message/codec.h). No code is sent, and no closure: what a function
// needs, it gets as arguments.
//
// Thread safety: no state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "primitives/message/codec.h"
#include "primitives/pool/value_state.h"
#include "primitives/process_pool/remote_failure.h"

namespace weft::internal {

using Bytes = std::vector<std::byte>;

// Throws what the function throws, and DecodeError, ValueError.
using RemoteCall = void (*)(std::uint64_t function, std::span<const std::byte> arguments,
                            Bytes& result);

template <class F>
concept Remotable = requires(F function) {
  { +function } -> std::same_as<std::decay_t<decltype(+function)>>;
  requires std::is_pointer_v<decltype(+function)>;
  requires std::is_function_v<std::remove_pointer_t<decltype(+function)>>;
};

template <class T>
void encode_to(Bytes& bytes, const T& value) {
  bytes.resize(ipc::encoded_size(value));
  ipc::encode_into(bytes, value);
}

// What is known of a function by its type.
template <class Pointer>
struct RemoteFunction;

template <class R, class... P>
struct RemoteFunction<R (*)(P...) noexcept> : RemoteFunction<R (*)(P...)> {};

template <class R, class... P>
struct RemoteFunction<R (*)(P...)> {
  using Pointer = R (*)(P...);
  using Result = std::conditional_t<std::is_void_v<R>, void, std::decay_t<R>>;
  using Arguments = std::tuple<std::decay_t<P>...>;
  static constexpr std::size_t kParameters = sizeof...(P);

  static void call(std::uint64_t function, std::span<const std::byte> arguments, Bytes& result) {
    auto values = ipc::decode<Arguments>(arguments);
    if constexpr (std::is_void_v<R>) {
      call_with(function, values);
      result.clear();
    } else {
      encode_to<Result>(result, call_with(function, values));
    }
  }

  // Of one element of a map: its value, or why there is none.
  using Outcome = std::variant<ValueOf<Result>, RemoteFailure>;

  // For each element: the one argument if `Element` is its type, else a tuple of all.
  template <class Element>
  static void call_each(std::uint64_t function, std::span<const std::byte> arguments,
                        Bytes& result) {
    auto elements = ipc::decode<std::vector<Element>>(arguments);
    std::vector<Outcome> outcomes;
    outcomes.reserve(elements.size());
    for (auto&& each : elements) {
      try {
        if constexpr (std::is_void_v<R>) {
          call_with_element<Element>(function, each);
          outcomes.emplace_back(std::in_place_index<0>);
        } else {
          outcomes.emplace_back(std::in_place_index<0>, call_with_element<Element>(function, each));
        }
      } catch (...) {
        outcomes.emplace_back(std::in_place_index<1>, describe_current_exception());
      }
    }
    encode_to(result, outcomes);
  }

 private:
  static R call_with(std::uint64_t function, Arguments& values) {
    const auto pointer = reinterpret_cast<Pointer>(function);
    return [&]<std::size_t... i>(std::index_sequence<i...>) -> R {
      return pointer(static_cast<P&&>(std::get<i>(values))...);
    }(std::index_sequence_for<P...>());
  }
  template <class Element>
  static R call_with_element(std::uint64_t function, Element element) {
    if constexpr (std::is_same_v<Element, Arguments>) {
      return call_with(function, element);
    } else {
      Arguments values(std::move(element));
      return call_with(function, values);
    }
  }
};

template <class F>
using RemoteFunctionOf = RemoteFunction<decltype(+std::declval<std::decay_t<F>&>())>;

}  // namespace weft::internal
