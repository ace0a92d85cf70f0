// How each kind of value lies in a message; see codec.h for what may be sent.
//
// Thread safety: no state.
// Invariants:     (I1) What a codec writes, it reads as an equal value.
//                 (I2) read() looks at no byte that is not there, makes no value that its type does
//                      not have (a bool that is 2, an index past the alternatives), and asks for no
//                      memory beyond a factor of the bytes that are left, which is the type's:
//                      sizeof(element) / least().
//                 (I3) A dense type is its bytes: no padding, no pointer, every pattern a value. It
//                      is copied as one piece.
#pragma once

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "primitives/base/errors.h"
#include "primitives/message/aggregate.h"
#include "primitives/message/refused.h"
#include "primitives/message/type_text.h"
#include "primitives/message/wire.h"

namespace weft::ipc {

// The customisation point; see codec.h.
template <class T>
struct Encoding;

namespace detail {

// A codec has
//   dense()             (I3)
//   fixed()             every value takes least() bytes
//   least()             bytes of the shortest value
//   describe<Outer...>  adds the type's text; Outer are the types around it
//   write(output, value), read(reader)
template <class T>
struct Codec : Refused<T> {};

template <class T, std::size_t size = sizeof(T)>
T from_bytes(const std::byte* bytes) {
  if constexpr (std::is_trivially_default_constructible_v<T> && !std::is_const_v<T>) {
    T value;
    std::memcpy(static_cast<void*>(&value), bytes, size);
    return value;
  } else {
    std::array<std::byte, size> copy;
    std::memcpy(copy.data(), bytes, size);
    return std::bit_cast<T>(copy);
  }
}

template <class T>
concept Number = std::is_arithmetic_v<T> && !std::same_as<T, bool> && !std::same_as<T, long double>;

template <Number T>
struct Codec<T> {
  static consteval bool dense() { return true; }
  static consteval bool fixed() { return true; }
  static consteval std::size_t least() { return sizeof(T); }
  template <class...>
  static constexpr void describe(TextSink& sink) {
    if (std::same_as<T, char>) return sink.add("char");
    sink.add(std::is_floating_point_v<T> ? "f" : std::is_signed_v<T> ? "i" : "u");
    sink.add_number(8 * sizeof(T));
  }
  static void write(auto& out, const T& value) { out.bytes(&value, sizeof value); }
  static T read(Reader& in) { return in.number<T>(); }
};

// Not every pattern is a bool. Also what says whether an optional has a value.
template <>
struct Codec<bool> {
  static consteval bool dense() { return false; }
  static consteval bool fixed() { return true; }
  static consteval std::size_t least() { return 1; }
  template <class...>
  static constexpr void describe(TextSink& sink) {
    sink.add("bool");
  }
  static void write(auto& out, bool value) {
    const std::uint8_t byte = value ? 1 : 0;
    out.bytes(&byte, 1);
  }
  static bool read(Reader& in) {
    const auto byte = in.number<std::uint8_t>();
    if (byte > 1) in.refuse("a truth value is neither 0 nor 1");
    return byte == 1;
  }
};

// Without a fixed underlying type the values in between are no values of the type.
template <class T>
concept FixedEnum =
    std::is_enum_v<T> && requires { T{0}; } && !std::same_as<std::underlying_type_t<T>, bool>;

template <FixedEnum T>
struct Codec<T> {
  using Underlying = Codec<std::underlying_type_t<T>>;
  static consteval bool dense() { return true; }
  static consteval bool fixed() { return true; }
  static consteval std::size_t least() { return sizeof(T); }
  template <class...>
  static constexpr void describe(TextSink& sink) {
    sink.add("enum ");
    Underlying::template describe<>(sink);
  }
  static void write(auto& out, const T& value) { out.bytes(&value, sizeof value); }
  static T read(Reader& in) { return static_cast<T>(Underlying::read(in)); }
};

template <class Rep, class Period>
struct Codec<std::chrono::duration<Rep, Period>> {
  using T = std::chrono::duration<Rep, Period>;
  static consteval bool dense() { return Codec<Rep>::dense() && sizeof(T) == sizeof(Rep); }
  static consteval bool fixed() { return Codec<Rep>::fixed(); }
  static consteval std::size_t least() { return Codec<Rep>::least(); }
  template <class...>
  static constexpr void describe(TextSink& sink) {
    sink.add("duration<");
    Codec<Rep>::template describe<>(sink);
    sink.add(",");
    sink.add_number(std::uintmax_t{Period::num});
    sink.add("/");
    sink.add_number(std::uintmax_t{Period::den});
    sink.add(">");
  }
  static void write(auto& out, const T& value) { Codec<Rep>::write(out, value.count()); }
  static T read(Reader& in) { return T(Codec<Rep>::read(in)); }
};

// What tuples, aggregates and users' types have in common: members, one after the other.
template <class... Members>
struct MembersOf {
  template <class T>
  static consteval bool dense_in() {
    return std::is_trivially_copyable_v<T> && sizeof...(Members) > 0 &&
           (Codec<Members>::dense() && ...) && (sizeof(Members) + ... + 0) == sizeof(T);
  }
  static consteval bool fixed() { return (Codec<Members>::fixed() && ...); }
  static consteval std::size_t least() { return (Codec<Members>::least() + ... + 0); }
  template <class... Outer>
  static constexpr void describe(TextSink& sink) {
    [[maybe_unused]] bool first = true;
    ((sink.add(first ? "" : ","), first = false, Codec<Members>::template describe<Outer...>(sink)),
     ...);
  }
  static void write(auto& out, const Members&... values) {
    (Codec<Members>::write(out, values), ...);
  }
};

template <class T, class... Members>
struct TupleCodec {
  using Inside = MembersOf<Members...>;
  // The library may lay a tuple's members in another order than it names them.
  static consteval bool dense() { return false; }
  static consteval bool fixed() { return Inside::fixed(); }
  static consteval std::size_t least() { return Inside::least(); }
  template <class... Outer>
  static constexpr void describe(TextSink& sink) {
    sink.add("tuple<");
    Inside::template describe<Outer...>(sink);
    sink.add(">");
  }
  static void write(auto& out, const T& value) {
    std::apply([&](const auto&... each) { Inside::write(out, each...); }, value);
  }
  // Braces: from left to right.
  static T read([[maybe_unused]] Reader& in) { return T{Codec<Members>::read(in)...}; }
};
template <class... Members>
struct Codec<std::tuple<Members...>> : TupleCodec<std::tuple<Members...>, Members...> {};
template <class A, class B>
struct Codec<std::pair<A, B>> : TupleCodec<std::pair<A, B>, A, B> {};

template <class T, std::size_t n>
struct Codec<std::array<T, n>> {
  static consteval bool dense() { return n > 0 && Codec<T>::dense(); }
  static consteval bool fixed() { return Codec<T>::fixed(); }
  static consteval std::size_t least() { return n * Codec<T>::least(); }
  template <class... Outer>
  static constexpr void describe(TextSink& sink) {
    sink.add("array<");
    Codec<T>::template describe<Outer...>(sink);
    sink.add(",");
    sink.add_number(n);
    sink.add(">");
  }
  static void write(auto& out, const std::array<T, n>& value) {
    if constexpr (dense()) return out.bytes(value.data(), sizeof value);
    for (const T& each : value) Codec<T>::write(out, each);
  }
  static std::array<T, n> read(Reader& in) {
    if constexpr (dense()) {
      return from_bytes<std::array<T, n>>(in.take(sizeof(std::array<T, n>)));
    } else {
      return [&]<std::size_t... i>(std::index_sequence<i...>) {
        return std::array<T, n>{(static_cast<void>(i), Codec<T>::read(in))...};
      }(std::make_index_sequence<n>());
    }
  }
};

template <class T>
struct Codec<std::optional<T>> {
  static consteval bool dense() { return false; }
  static consteval bool fixed() { return false; }
  static consteval std::size_t least() { return 1; }
  template <class... Outer>
  static constexpr void describe(TextSink& sink) {
    sink.add("optional<");
    Codec<T>::template describe<Outer...>(sink);
    sink.add(">");
  }
  static void write(auto& out, const std::optional<T>& value) {
    Codec<bool>::write(out, value.has_value());
    if (value) Codec<T>::write(out, *value);
  }
  static std::optional<T> read(Reader& in) {
    if (!Codec<bool>::read(in)) return std::nullopt;
    return std::optional<T>(Codec<T>::read(in));
  }
};

template <>
struct Codec<std::monostate> {
  static consteval bool dense() { return false; }
  static consteval bool fixed() { return true; }
  static consteval std::size_t least() { return 0; }
  template <class...>
  static constexpr void describe(TextSink& sink) {
    sink.add("nothing");
  }
  static void write(auto&, std::monostate) {}
  static std::monostate read(Reader&) { return {}; }
};

template <class... Ts>
struct Codec<std::variant<Ts...>> {
  static_assert(sizeof...(Ts) <= 255, "weft: the index of an alternative is one byte");
  using T = std::variant<Ts...>;
  static consteval bool dense() { return false; }
  static consteval bool fixed() { return false; }
  static consteval std::size_t least() { return 1; }
  template <class... Outer>
  static constexpr void describe(TextSink& sink) {
    sink.add("variant<");
    MembersOf<Ts...>::template describe<Outer...>(sink);
    sink.add(">");
  }
  static void write(auto& out, const T& value) {
    if (value.valueless_by_exception()) throw ValueError("encode: a variant has no value");
    const auto index = static_cast<std::uint8_t>(value.index());
    out.bytes(&index, 1);
    std::visit([&]<class A>(const A& a) { Codec<A>::write(out, a); }, value);
  }
  static T read(Reader& in) { return read_alternative<0>(in, in.number<std::uint8_t>()); }

 private:
  template <std::size_t i>
  static T read_alternative(Reader& in, std::size_t index) {
    if constexpr (i == sizeof...(Ts)) {
      in.refuse("a variant has no such alternative");
    } else {
      if (index != i) return read_alternative<i + 1>(in, index);
      return T(std::in_place_index<i>, Codec<std::variant_alternative_t<i, T>>::read(in));
    }
  }
};

}  // namespace detail
}  // namespace weft::ipc
