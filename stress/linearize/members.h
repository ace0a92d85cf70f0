// Plain structs and standard containers, compared and hashed member by member, so that a model's
// state needs no operator== and no hash of its own.
//
// A type that is none of these needs both: an operator==, and std::hash or a member
// `std::size_t hash() const`. Two states that behave differently must not compare equal; two that
// behave alike and compare unequal only cost time.
//
// Thread safety: pure functions.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace weft::linearize::internal {

// A struct without constructors, bases and secrets.
template <class Type>
concept Plain =
    std::is_aggregate_v<Type> && std::is_class_v<Type> && !std::ranges::range<const Type>;

inline constexpr std::size_t kMostMembers = 12;

// `{}` fits each member, and an array as a whole, so that the most of them that fit are as many as
// there are members.
template <class Type>
constexpr std::size_t member_count() {
  if constexpr (std::is_empty_v<Type>) return 0;
  if constexpr (requires { Type{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; })
    return kMostMembers + 1;
  if constexpr (requires { Type{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; }) return 12;
  if constexpr (requires { Type{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; }) return 11;
  if constexpr (requires { Type{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; }) return 10;
  if constexpr (requires { Type{{}, {}, {}, {}, {}, {}, {}, {}, {}}; }) return 9;
  if constexpr (requires { Type{{}, {}, {}, {}, {}, {}, {}, {}}; }) return 8;
  if constexpr (requires { Type{{}, {}, {}, {}, {}, {}, {}}; }) return 7;
  if constexpr (requires { Type{{}, {}, {}, {}, {}, {}}; }) return 6;
  if constexpr (requires { Type{{}, {}, {}, {}, {}}; }) return 5;
  if constexpr (requires { Type{{}, {}, {}, {}}; }) return 4;
  if constexpr (requires { Type{{}, {}, {}}; }) return 3;
  if constexpr (requires { Type{{}, {}}; }) return 2;
  if constexpr (requires { Type{{}}; }) return 1;
  return 0;
}

// Calls `use` with the members of a plain struct, or with those of two, one list behind the other.
template <class Object, class Use>
constexpr decltype(auto) with_members(Object& object, Use&& use) {
  using Type = std::remove_const_t<Object>;
  constexpr std::size_t kCount = member_count<Type>();
  static_assert(std::is_empty_v<Type> || kCount > 0,
                "a member of this struct has no default: give the struct an operator== and a "
                "`std::size_t hash() const`");
  static_assert(kCount <= kMostMembers,
                "this struct has more members than can be told apart: put some of them into a "
                "struct of their own, or give it an operator== and a `std::size_t hash() const`");
  if constexpr (kCount == 0 || kCount > kMostMembers) {
    return use();
  } else if constexpr (kCount == 1) {
    auto& [a] = object;
    return use(a);
  } else if constexpr (kCount == 2) {
    auto& [a, b] = object;
    return use(a, b);
  } else if constexpr (kCount == 3) {
    auto& [a, b, c] = object;
    return use(a, b, c);
  } else if constexpr (kCount == 4) {
    auto& [a, b, c, d] = object;
    return use(a, b, c, d);
  } else if constexpr (kCount == 5) {
    auto& [a, b, c, d, e] = object;
    return use(a, b, c, d, e);
  } else if constexpr (kCount == 6) {
    auto& [a, b, c, d, e, f] = object;
    return use(a, b, c, d, e, f);
  } else if constexpr (kCount == 7) {
    auto& [a, b, c, d, e, f, g] = object;
    return use(a, b, c, d, e, f, g);
  } else if constexpr (kCount == 8) {
    auto& [a, b, c, d, e, f, g, h] = object;
    return use(a, b, c, d, e, f, g, h);
  } else if constexpr (kCount == 9) {
    auto& [a, b, c, d, e, f, g, h, i] = object;
    return use(a, b, c, d, e, f, g, h, i);
  } else if constexpr (kCount == 10) {
    auto& [a, b, c, d, e, f, g, h, i, j] = object;
    return use(a, b, c, d, e, f, g, h, i, j);
  } else if constexpr (kCount == 11) {
    auto& [a, b, c, d, e, f, g, h, i, j, k] = object;
    return use(a, b, c, d, e, f, g, h, i, j, k);
  } else if constexpr (kCount == 12) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l] = object;
    return use(a, b, c, d, e, f, g, h, i, j, k, l);
  }
}

template <class Type>
concept Hashes = requires(const Type& object) {
  { object.hash() } -> std::convertible_to<std::size_t>;
  { object == object } -> std::convertible_to<bool>;
};
template <class Type>
concept HashedByStd = requires(const Type& object) {
  { std::hash<Type>()(object) } -> std::convertible_to<std::size_t>;
  { object == object } -> std::convertible_to<bool>;
};
template <class Type>
concept Keyed = std::ranges::range<const Type> && requires { typename Type::hasher; };

// std::queue, std::stack, std::priority_queue: their container is for those who inherit.
template <class Type>
concept Adapted = requires { typename Type::container_type; } && !std::ranges::range<const Type>;
template <class Type>
const typename Type::container_type& adapted(const Type& object) {
  struct Inside : Type {
    static const typename Type::container_type& of(const Type& outside) {
      return outside.*&Inside::c;
    }
  };
  return Inside::of(object);
}

constexpr std::size_t mix(std::size_t sum, std::size_t next) {
  std::uint64_t x = (sum ^ next) * 0x9e3779b97f4a7c15ULL;
  return x ^ (x >> 32);
}

template <class Type>
inline constexpr bool kNever = false;
#define WEFT_NO_MEMBERS                                                                    \
  "a model's state has a member that can be neither compared nor hashed (a pointer is an " \
  "address, and not what it points to): give its type an operator== and a "                \
  "`std::size_t hash() const`, or hold the object itself"

template <class Type>
std::size_t hash_of(const Type& object) {
  if constexpr (std::is_pointer_v<Type>) {
    static_assert(kNever<Type>, WEFT_NO_MEMBERS);
  } else if constexpr (Hashes<Type>) {
    return object.hash();
  } else if constexpr (std::integral<Type> || std::is_enum_v<Type>) {
    return mix(1, static_cast<std::size_t>(object));
  } else if constexpr (std::floating_point<Type>) {
    return mix(2, std::hash<double>()(static_cast<double>(object)));
  } else if constexpr (std::is_array_v<Type>) {
    std::size_t sum = 3;
    for (const auto& element : object) sum = mix(sum, hash_of(element));
    return sum;
  } else if constexpr (std::same_as<Type, std::string>) {
    return std::hash<std::string>()(object);
  } else if constexpr (Keyed<Type>) {
    std::size_t sum = 0;  // in no order
    for (const auto& element : object) sum += hash_of(element);
    return mix(sum, object.size());
  } else if constexpr (std::ranges::range<const Type>) {
    std::size_t sum = 4;
    for (const std::ranges::range_value_t<const Type>& element : object) {
      sum = mix(sum, hash_of(element));
    }
    return sum;
  } else if constexpr (Adapted<Type>) {
    return hash_of(adapted(object));
  } else if constexpr (requires { object.has_value(), *object; }) {
    return object.has_value() ? mix(5, hash_of(*object)) : 6;
  } else if constexpr (requires { std::variant_size<Type>::value; }) {
    return object.valueless_by_exception()
               ? 7
               : mix(object.index(), std::visit([](const auto& o) { return hash_of(o); }, object));
  } else if constexpr (requires { std::tuple_size<Type>::value; }) {
    std::size_t sum = 8;
    std::apply([&](const auto&... member) { ((sum = mix(sum, hash_of(member))), ...); }, object);
    return sum;
  } else if constexpr (Plain<Type>) {
    std::size_t sum = 9;
    with_members(object, [&](const auto&... member) { ((sum = mix(sum, hash_of(member))), ...); });
    return sum;
  } else if constexpr (HashedByStd<Type>) {
    return std::hash<Type>()(object);
  } else {
    static_assert(kNever<Type>, WEFT_NO_MEMBERS);
  }
}

template <class Type>
bool equal(const Type& a, const Type& b);

template <class Tuple>
bool equal_members(const Tuple& a, const Tuple& b) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return (equal(std::get<I>(a), std::get<I>(b)) && ...);
  }(std::make_index_sequence<std::tuple_size_v<Tuple>>());
}

template <class Type>
concept UniquelyKeyed =
    Keyed<Type> && requires(Type t, typename Type::value_type v) { t.insert(v).second; };

template <class Type>
bool equal_keyed(const Type& a, const Type& b) {
  if (a.size() != b.size()) return false;
  for (const auto& element : a) {
    if constexpr (requires { typename Type::mapped_type; }) {
      const auto found = b.find(element.first);
      if (found == b.end() || !equal(found->second, element.second)) return false;
    } else if (!b.contains(element)) {
      return false;
    }
  }
  return true;
}

template <class Type>
bool equal_variants(const Type& a, const Type& b) {
  if (a.index() != b.index()) return false;
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return (... && (a.index() != I || equal(*std::get_if<I>(&a), *std::get_if<I>(&b))));
  }(std::make_index_sequence<std::variant_size_v<Type>>());
}

// Says the same as hash_of(): what is equal has the same hash.
template <class Type>
bool equal(const Type& a, const Type& b) {
  if constexpr (Hashes<Type> || std::is_scalar_v<Type> || std::same_as<Type, std::string>) {
    return a == b;
  } else if constexpr (UniquelyKeyed<Type>) {
    return equal_keyed(a, b);
  } else if constexpr (Keyed<Type>) {
    return a == b;
  } else if constexpr (std::is_array_v<Type> || std::ranges::range<const Type>) {
    using Element = std::ranges::range_value_t<const Type>;
    return std::equal(std::begin(a), std::end(a), std::begin(b), std::end(b),
                      [](const Element& x, const Element& y) { return equal(x, y); });
  } else if constexpr (Adapted<Type>) {
    return equal(adapted(a), adapted(b));
  } else if constexpr (requires { a.has_value(), *a; }) {
    return a.has_value() == b.has_value() && (!a.has_value() || equal(*a, *b));
  } else if constexpr (requires { std::variant_size<Type>::value; }) {
    return equal_variants(a, b);
  } else if constexpr (requires { std::tuple_size<Type>::value; }) {
    return equal_members(a, b);
  } else if constexpr (Plain<Type>) {
    return with_members(a, [&](const auto&... left) {
      const auto lefts = std::tie(left...);
      return with_members(
          b, [&](const auto&... right) { return equal_members(lefts, std::tie(right...)); });
    });
  } else {
    return a == b;
  }
}

#undef WEFT_NO_MEMBERS

}  // namespace weft::linearize::internal
