// Codecs of containers: a number of elements, then each; see encoding.h for what every codec keeps.
//
// Thread safety: no state.
// Non-invariants: a defence against keys that are made to collide in an unordered container.
#pragma once

#include <cstddef>
#include <deque>
#include <limits>
#include <list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "primitives/message/encoding.h"

namespace weft::ipc::detail {

void write_count(auto& out, std::size_t size) {
  if (size > std::numeric_limits<Count>::max()) {
    throw ValueError("encode: a sequence of " + std::to_string(size) + " elements is too long");
  }
  const auto count = static_cast<Count>(size);
  out.bytes(&count, sizeof count);
}

struct Counted {
  static consteval bool dense() { return false; }
  static consteval bool fixed() { return false; }
  static consteval std::size_t least() { return sizeof(Count); }
};
constexpr void describe_as(TextSink& sink, std::string_view name, auto describe_content) {
  sink.add(name);
  sink.add("<");
  describe_content();
  sink.add(">");
}

template <class E>
std::size_t read_count(Reader& in) {
  static_assert(Codec<E>::least() > 0,
                "weft: a sequence of elements that take no bytes could claim any length");
  return in.count(Codec<E>::least());
}

template <class T, class E>
struct SequenceCodec : Counted {
  static constexpr bool kContiguous = requires(T& t) { t.data(); };

  template <class... Outer>
  static constexpr void describe(TextSink& sink) {
    describe_as(sink, Codec<T>::kName, [&] { Codec<E>::template describe<Outer...>(sink); });
  }
  static void write(auto& out, const T& value) {
    write_count(out, value.size());
    if constexpr (kContiguous && Codec<E>::dense()) {
      out.bytes(value.data(), value.size() * sizeof(E));
    } else {
      for (const E& each : value) Codec<E>::write(out, each);
    }
  }
  static T read(Reader& in) {
    const std::size_t count = read_count<E>(in);
    T value;
    if constexpr (kContiguous && Codec<E>::dense()) {
      const std::byte* const from = in.take(count * sizeof(E));
      if constexpr (sizeof(E) == 1 && std::is_arithmetic_v<E>) {
        const E* const first = reinterpret_cast<const E*>(from);  // any object is bytes
        value.assign(first, first + count);
      } else {
        value.resize(count);
        if (count != 0) std::memcpy(static_cast<void*>(value.data()), from, count * sizeof(E));
      }
    } else {
      if constexpr (requires { value.reserve(count); }) value.reserve(count);
      for (std::size_t i = 0; i < count; ++i) value.push_back(Codec<E>::read(in));
    }
    return value;
  }
};

template <class E, class Traits, class A>
struct Codec<std::basic_string<E, Traits, A>> : SequenceCodec<std::basic_string<E, Traits, A>, E> {
  template <class... Outer>
  static constexpr void describe(TextSink& sink) {
    if (std::is_same_v<E, char>) return sink.add("string");
    describe_as(sink, "string", [&] { Codec<E>::template describe<>(sink); });
  }
};
template <class E, class A>
struct Codec<std::vector<E, A>> : SequenceCodec<std::vector<E, A>, E> {
  static constexpr std::string_view kName = "vector";
};
template <class E, class A>
struct Codec<std::deque<E, A>> : SequenceCodec<std::deque<E, A>, E> {
  static constexpr std::string_view kName = "deque";
};
template <class E, class A>
struct Codec<std::list<E, A>> : SequenceCodec<std::list<E, A>, E> {
  static constexpr std::string_view kName = "list";
};

template <class T, class K>
struct SetCodec : Counted {
  template <class... Outer>
  static constexpr void describe(TextSink& sink) {
    describe_as(sink, "set", [&] { Codec<K>::template describe<Outer...>(sink); });
  }
  static void write(auto& out, const T& value) {
    write_count(out, value.size());
    for (const K& key : value) Codec<K>::write(out, key);
  }
  static T read(Reader& in) {
    T value;
    for (std::size_t left = read_count<K>(in); left > 0; --left) {
      const std::size_t before = value.size();
      value.emplace_hint(value.end(), Codec<K>::read(in));
      if (value.size() == before) in.refuse("a set has a key twice");
    }
    return value;
  }
};
template <class T, class K, class V>
struct MapCodec : Counted {
  template <class... Outer>
  static constexpr void describe(TextSink& sink) {
    describe_as(sink, "map", [&] { MembersOf<K, V>::template describe<Outer...>(sink); });
  }
  static void write(auto& out, const T& value) {
    write_count(out, value.size());
    for (const auto& [key, mapped] : value) {
      Codec<K>::write(out, key);
      Codec<V>::write(out, mapped);
    }
  }
  static T read(Reader& in) {
    T value;
    for (std::size_t left = read_count<std::pair<K, V>>(in); left > 0; --left) {
      const std::size_t before = value.size();
      K key = Codec<K>::read(in);
      value.emplace_hint(value.end(), std::move(key), Codec<V>::read(in));
      if (value.size() == before) in.refuse("a map has a key twice");
    }
    return value;
  }
};

// A map's order and a hash are matters of the program, not of the message.
template <class K, class... Rest>
struct Codec<std::set<K, Rest...>> : SetCodec<std::set<K, Rest...>, K> {};
template <class K, class... Rest>
struct Codec<std::unordered_set<K, Rest...>> : SetCodec<std::unordered_set<K, Rest...>, K> {};
template <class K, class V, class... Rest>
struct Codec<std::map<K, V, Rest...>> : MapCodec<std::map<K, V, Rest...>, K, V> {};
template <class K, class V, class... Rest>
struct Codec<std::unordered_map<K, V, Rest...>>
    : MapCodec<std::unordered_map<K, V, Rest...>, K, V> {};

}  // namespace weft::ipc::detail
