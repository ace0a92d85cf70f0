// What may not be sent, told by the compiler in a sentence.
//
// Thread safety: no state.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>

namespace weft::ipc::detail {

template <class T>
inline constexpr bool kIsPointer = std::is_pointer_v<T> || std::is_member_pointer_v<T> ||
                                   std::is_reference_v<T> || std::is_null_pointer_v<T>;
template <class T, class D>
inline constexpr bool kIsPointer<std::unique_ptr<T, D>> = true;
template <class T>
inline constexpr bool kIsPointer<std::shared_ptr<T>> = true;
template <class T>
inline constexpr bool kIsPointer<std::weak_ptr<T>> = true;
template <class T>
inline constexpr bool kIsPointer<std::reference_wrapper<T>> = true;

template <class T>
inline constexpr bool kIsView = false;
template <class C, class Traits>
inline constexpr bool kIsView<std::basic_string_view<C, Traits>> = true;
template <class T, std::size_t n>
inline constexpr bool kIsView<std::span<T, n>> = true;

template <class T>
inline constexpr bool kIsCode =
    std::is_function_v<std::remove_pointer_t<T>> || std::is_member_function_pointer_v<T>;
template <class R, class... A>
inline constexpr bool kIsCode<std::function<R(A...)>> = true;

// Each reason for itself, so that the compiler prints one.
template <class T>
struct Refused {
  static constexpr bool kKnown = kIsPointer<T> || kIsView<T> || kIsCode<T> || std::is_enum_v<T> ||
                                 std::is_bounded_array_v<T> || std::is_same_v<T, long double>;
  static_assert(!kIsCode<T>, "weft: code is never sent: name the function by a value");
  static_assert(kIsCode<T> || !kIsPointer<T>,
                "weft: a pointer means nothing in another process: send what it points to");
  static_assert(!kIsView<T>,
                "weft: a view points into the memory of this process: send a string or a vector");
  static_assert(!std::is_enum_v<T>,
                "weft: not every number is a value of this enumeration: give it an underlying type,"
                " as in 'enum Colour : int'");
  static_assert(!std::is_bounded_array_v<T>, "weft: use std::array in place of a bare array");
  static_assert(!std::is_same_v<T, long double>,
                "weft: long double has bytes without a meaning: send a double");
  static_assert(kKnown,
                "weft: no encoding for this type: specialize weft::ipc::Encoding for it, as "
                "primitives/message/codec.h tells");
};

}  // namespace weft::ipc::detail
