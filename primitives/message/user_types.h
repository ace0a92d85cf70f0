// Codecs of aggregates and of the types that have an Encoding; see codec.h.
//
// Thread safety: no state.
#pragma once

#include <concepts>
#include <cstddef>
#include <exception>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "primitives/message/encoding.h"

namespace weft::ipc::detail {

template <class T>
concept Named = requires {
  { Encoding<T>::kName } -> std::convertible_to<std::string_view>;
};

template <class References>
struct MembersOfTuple;
template <class... References>
struct MembersOfTuple<std::tuple<References...>> {
  using Type = MembersOf<std::remove_cvref_t<References>...>;
  template <class T>
  static T make(Reader& in) {
    return T{Codec<std::remove_cvref_t<References>>::read(in)...};
  }
};

// A type may contain itself, in a vector. Then it is described by how many types further out it
// stands: the text must end.
template <class T, class... Outer>
constexpr std::size_t levels_out() {
  std::size_t level = 0;
  std::size_t found = 0;
  ((++level, found = found == 0 && std::same_as<T, Outer> ? level : found), ...);
  return found;
}
// Access: of(value), a tuple of references to the members, and make(reader).
template <class T, class Access>
struct MembersCodec {
  using Inside = typename MembersOfTuple<decltype(Access::of(std::declval<T&>()))>::Type;

  static consteval bool dense() { return Inside::template dense_in<T>(); }
  static consteval bool fixed() { return Inside::fixed(); }
  static consteval std::size_t least() { return Inside::least(); }
  static void write(auto& out, const T& value) {
    if constexpr (dense()) return out.bytes(&value, sizeof value);
    const Depth depth = out.enter();
    std::apply([&](const auto&... each) { Inside::write(out, each...); }, Access::of(value));
  }
  static T read(Reader& in) {
    if constexpr (dense()) {
      return from_bytes<T>(in.take(sizeof(T)));
    } else {
      const Depth depth = in.enter();
      return Access::make(in);
    }
  }

 protected:
  template <class... Outer>
  static constexpr void describe_members(TextSink& sink) {
    sink.add("{");
    Inside::template describe<T, Outer...>(sink);
    sink.add("}");
  }
};

template <class T>
struct OfAggregate {
  static auto of(auto& value) { return members(value); }
  static T make(Reader& in) {
    return MembersOfTuple<decltype(members(std::declval<T&>()))>::template make<T>(in);
  }
};

template <class T>
  requires PlainAggregate<T> && (!Named<T>)
struct Codec<T> : MembersCodec<T, OfAggregate<T>> {
  template <class... Outer>
  static constexpr void describe(TextSink& sink) {
    if constexpr (constexpr std::size_t level = levels_out<T, Outer...>(); level != 0) {
      sink.add("^");
      sink.add_number(level);
    } else {
      Codec::template describe_members<Outer...>(sink);
    }
  }
};

template <class T>
concept NamedByMembers = Named<T> && requires(T& value) { Encoding<T>::members(value); };

template <class T>
struct OfNamed {
  static auto of(auto& value) { return Encoding<T>::members(value); }
  static T make(Reader& in) {
    T value{};
    std::apply([&]<class... Each>(Each&... each) { ((each = Codec<Each>::read(in)), ...); },
               of(value));
    return value;
  }
};

template <NamedByMembers T>
struct Codec<T> : MembersCodec<T, OfNamed<T>> {
  template <class... Outer>
  static constexpr void describe(TextSink& sink) {
    sink.add(Encoding<T>::kName);
    if constexpr (levels_out<T, Outer...>() == 0) Codec::template describe_members<Outer...>(sink);
  }
};

template <class T>
concept NamedByParts = Named<T> && requires(const T& value) { Encoding<T>::to_parts(value); };

template <NamedByParts T>
struct Codec<T> {
  using Parts = std::remove_cvref_t<decltype(Encoding<T>::to_parts(std::declval<const T&>()))>;

  static consteval bool dense() { return false; }
  static consteval bool fixed() { return Codec<Parts>::fixed(); }
  static consteval std::size_t least() { return Codec<Parts>::least(); }
  template <class... Outer>
  static constexpr void describe(TextSink& sink) {
    sink.add(Encoding<T>::kName);
    if constexpr (levels_out<T, Outer...>() == 0) {
      sink.add("(");
      Codec<Parts>::template describe<T, Outer...>(sink);
      sink.add(")");
    }
  }
  static void write(auto& out, const T& value) {
    const Depth depth = out.enter();
    Codec<Parts>::write(out, Encoding<T>::to_parts(value));
  }
  static T read(Reader& in) {
    const Depth depth = in.enter();
    Parts parts = Codec<Parts>::read(in);
    try {
      return Encoding<T>::from_parts(std::move(parts));
    } catch (const std::exception& why) {
      in.refuse(why.what());
    }
  }
};

}  // namespace weft::ipc::detail
