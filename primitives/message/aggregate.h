// The members of a plain aggregate, without a word from its author: struct Point { int x, y; }.
//
// Thread safety: no state.
// Algorithm: Antony Polukhin's "magic get": as many members as braces take initializers, then
// structured bindings (Boost.PFR, https://github.com/boostorg/pfr). Bindings cannot be asked for
// whether they would compile, so what they refuse is found beforehand: bases, arrays, and more
// members than there are bindings here.
#pragma once

#include <concepts>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace weft::ipc::detail {

inline constexpr std::size_t kMostMembers = 12;

// Becomes whatever a member is initialized with; never a base of T.
template <class T>
struct AnyMember {
  template <class U>
    requires(!std::is_base_of_v<U, T>)
  operator U() const;
};
template <class T>
struct AnyBase {
  template <class U>
    requires(std::is_base_of_v<U, T> && !std::same_as<U, T>)
  operator U() const;
};

template <class T, std::size_t... i>
consteval bool takes(std::index_sequence<i...>) {
  return requires { T{(static_cast<void>(i), AnyMember<T>())...}; };
}

// Up to one more than kMostMembers.
template <class T, std::size_t n = kMostMembers + 1>
consteval std::size_t initializers() {
  if constexpr (n == 0 || takes<T>(std::make_index_sequence<n>())) {
    return n;
  } else {
    return initializers<T, n - 1>();
  }
}

// Whether member `before` is an array of `inside` elements: then those are as well initialized
// without braces of their own, and so many, and no more, elements are left after it.
template <class T, std::size_t... before, std::size_t... inside, std::size_t... after>
consteval bool is_array_at(std::index_sequence<before...>, std::index_sequence<inside...>,
                           std::index_sequence<after...>) {
  constexpr auto any = [](std::size_t) { return AnyMember<T>(); };
  return requires { T{any(before)..., {any(inside)...}, any(after)...}; } &&
         !requires { T{any(before)..., {any(inside)...}, any(after)..., AnyMember<T>()}; };
}
template <class T, std::size_t at, std::size_t size>
consteval bool has_array_at() {
  constexpr std::size_t all = initializers<T>();
  if constexpr (at + 2 > all) {
    return false;
  } else if constexpr (at + size > all) {
    return has_array_at<T, at + 1, 2>();
  } else if constexpr (is_array_at<T>(std::make_index_sequence<at>(),
                                      std::make_index_sequence<size>(),
                                      std::make_index_sequence<all - at - size>())) {
    return true;
  } else {
    return has_array_at<T, at, size + 1>();
  }
}

template <class T>
consteval bool is_plain_aggregate() {
  if constexpr (!std::is_class_v<T> || !std::is_aggregate_v<T> ||
                !std::is_move_constructible_v<T>) {
    return false;
  } else if constexpr (std::is_empty_v<T>) {
    return true;
  } else {
    return !requires { T{AnyBase<T>()}; } && initializers<T>() <= kMostMembers &&
           !has_array_at<T, 0, 2>();
  }
}
template <class T>
concept PlainAggregate = is_plain_aggregate<T>();

// A tuple of references to the members.
template <class T>
constexpr auto members(T& value) {
  constexpr std::size_t n = [] {
    if constexpr (std::is_empty_v<T>) {
      return 0;
    } else {
      return initializers<std::remove_const_t<T>>();
    }
  }();
  if constexpr (n == 0) {
    return std::tuple<>();
  } else if constexpr (n == 1) {
    auto& [a] = value;
    return std::tie(a);
  } else if constexpr (n == 2) {
    auto& [a, b] = value;
    return std::tie(a, b);
  } else if constexpr (n == 3) {
    auto& [a, b, c] = value;
    return std::tie(a, b, c);
  } else if constexpr (n == 4) {
    auto& [a, b, c, d] = value;
    return std::tie(a, b, c, d);
  } else if constexpr (n == 5) {
    auto& [a, b, c, d, e] = value;
    return std::tie(a, b, c, d, e);
  } else if constexpr (n == 6) {
    auto& [a, b, c, d, e, f] = value;
    return std::tie(a, b, c, d, e, f);
  } else if constexpr (n == 7) {
    auto& [a, b, c, d, e, f, g] = value;
    return std::tie(a, b, c, d, e, f, g);
  } else if constexpr (n == 8) {
    auto& [a, b, c, d, e, f, g, h] = value;
    return std::tie(a, b, c, d, e, f, g, h);
  } else if constexpr (n == 9) {
    auto& [a, b, c, d, e, f, g, h, i] = value;
    return std::tie(a, b, c, d, e, f, g, h, i);
  } else if constexpr (n == 10) {
    auto& [a, b, c, d, e, f, g, h, i, j] = value;
    return std::tie(a, b, c, d, e, f, g, h, i, j);
  } else if constexpr (n == 11) {
    auto& [a, b, c, d, e, f, g, h, i, j, k] = value;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k);
  } else {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l] = value;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l);
  }
}

}  // namespace weft::ipc::detail
