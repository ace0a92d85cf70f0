// How a function is called in the manager's process with the state of an object. As with the tasks
// of a pool (primitives/process_pool/remote_call.h) its address is sent, and that of the template
// instance that knows its types; no code is.
//
// Thread safety: no state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "primitives/manager/manager_link.h"
#include "primitives/manager/wire.h"
#include "primitives/message/codec.h"
#include "primitives/process_pool/remote_call.h"

namespace weft::ipc::detail {

// How a state lies in the manager, as messages.
template <class T>
struct OneMessage {
  using State = T;
  static T join(const std::vector<Bytes>& parts) { return decode<T>(parts.at(0)); }
  static std::vector<Bytes> split(const T& state) { return {encode(state)}; }
};
template <class T>
struct MessageEach {
  using State = std::vector<T>;
  static State join(const std::vector<Bytes>& parts) {
    State state;
    state.reserve(parts.size());
    for (const Bytes& part : parts) state.push_back(decode<T>(part));
    return state;
  }
  static std::vector<Bytes> split(const State& state) {
    std::vector<Bytes> parts;
    parts.reserve(state.size());
    for (const T& each : state) parts.push_back(encode(each));
    return parts;
  }
};
template <class Map>
struct KeysAndValues {
  using State = Map;
  static Map join(const std::vector<Bytes>& parts) {
    Map state;
    for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
      state.emplace(decode<typename Map::key_type>(parts[i]),
                    decode<typename Map::mapped_type>(parts[i + 1]));
    }
    return state;
  }
  static std::vector<Bytes> split(const Map& state) {
    std::vector<Bytes> parts;
    for (const auto& [key, value] : state) {
      parts.push_back(encode(key));
      parts.push_back(encode(value));
    }
    return parts;
  }
};

template <class Pointer>
struct UpdateFunction {
  static constexpr bool kFits = false;
};
template <class R, class S, class... P>
struct UpdateFunction<R (*)(S&, P...) noexcept> : UpdateFunction<R (*)(S&, P...)> {};
template <class R, class S, class... P>
struct UpdateFunction<R (*)(S&, P...)> {
  static constexpr bool kFits = !std::is_const_v<S>;
  using State = S;
  using Result = std::conditional_t<std::is_void_v<R>, void, std::decay_t<R>>;
  using Arguments = std::tuple<std::decay_t<P>...>;

  // The state is changed only if neither the function nor an encoding throws.
  template <class Layout>
  static void call(std::uint64_t function, std::vector<Bytes>& parts,
                   std::span<const std::byte> arguments, Bytes& result) {
    auto values = decode<Arguments>(arguments);
    S state = Layout::join(parts);
    const auto pointer = reinterpret_cast<R (*)(S&, P...)>(function);
    const auto call = [&](auto&... each) -> R { return pointer(state, static_cast<P&&>(each)...); };
    if constexpr (std::is_void_v<R>) {
      std::apply(call, values);
      result = encode(std::monostate());
    } else {
      result = encode<Result>(std::apply(call, values));
    }
    parts = Layout::split(state);
  }
};

template <class F>
using UpdateFunctionOf = UpdateFunction<decltype(+std::declval<std::decay_t<F>&>())>;

// Throws ValueError if the manager does not have this process's code at its addresses.
void require_known_code(const ManagerLink& link, std::uint64_t call, std::uint64_t function);

// The arguments of Op::kUpdate.
template <class Layout, class F, class... Args>
auto update_arguments(const ManagerLink& link, F function, Args&&... args) {
  static_assert(weft::internal::Remotable<F>,
                "update() calls functions, and lambdas that capture nothing: give what it needs as "
                "arguments");
  using Function = UpdateFunctionOf<F>;
  static_assert(Function::kFits, "update(): the function's first parameter is the state, as T&");
  static_assert(std::is_same_v<typename Function::State, typename Layout::State>,
                "update(): the function's first parameter is of another type than the state");
  static_assert(std::is_constructible_v<typename Function::Arguments, Args&&...>,
                "update(): the arguments are not those of the function");
  const auto call = reinterpret_cast<std::uint64_t>(&Function::template call<Layout>);
  const auto address = reinterpret_cast<std::uint64_t>(+function);
  require_known_code(link, call, address);
  return std::tuple(call, address,
                    encode(typename Function::Arguments(std::forward<Args>(args)...)));
}

}  // namespace weft::ipc::detail
