// Between the types of tested code and values.
//
//   bool, integers, real numbers, strings    themselves
//   std::optional                            nothing, or the value
//   pairs, tuples, containers, plain structs lists
//   enumerations                             integers
//
// For another type, specialise Conversion:
//
//   template <>
//   struct weft::linearize::Conversion<Money> {
//     static Value to(const Money& money) { return money.cents(); }
//     static Money from(const Value& value) { return Money(from_value<std::int64_t>(value)); }
//   };
//
// Thread safety: pure functions.
#pragma once

#include <concepts>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "stress/linearize/members.h"
#include "stress/linearize/value.h"

namespace weft::linearize {

// What an operation "returned" that threw: not to be taken for a text that it returned.
Value thrown(std::string type);
// The same of the exception that is being handled: by its type's name, without its namespace.
Value thrown_now();

template <class Type>
struct Conversion {
  static constexpr bool kNone = true;
};

namespace internal {

template <class Type>
inline constexpr bool kConversionGiven = !requires { Conversion<Type>::kNone; };
template <class Type>
inline constexpr bool kNeverTrue = false;

template <class Type>
concept Text = std::convertible_to<const Type&, std::string_view>;
template <class Type>
concept Optional = std::same_as<Type, std::optional<typename Type::value_type>>;
template <class Type>
concept TupleLike = requires { std::tuple_size<Type>::value; } && !std::ranges::range<Type>;

// Of a container; a map's key is constant only inside.
template <class Type>
struct ElementOf {
  using Value = typename Type::value_type;
};
template <class Type>
  requires requires { typename Type::mapped_type; }
struct ElementOf<Type> {
  using Value = std::pair<typename Type::key_type, typename Type::mapped_type>;
};

// Throw ValueError, with the value and what was expected.
[[noreturn]] void refuse(const Value& value, const char* expected);
const Value::List& list_of(const Value& value, std::size_t size);
const Value::List& list_of(const Value& value);
std::int64_t integer_of(const Value& value, std::int64_t low, std::int64_t high);

}  // namespace internal

template <class Type>
Value to_value(const Type& object) {
  if constexpr (std::same_as<Type, Value>) {
    return object;
  } else if constexpr (internal::kConversionGiven<Type>) {
    return Conversion<Type>::to(object);
  } else if constexpr (std::same_as<Type, std::nullptr_t> || std::same_as<Type, std::monostate> ||
                       std::same_as<Type, std::nullopt_t>) {
    return Value();
  } else if constexpr (std::integral<Type>) {
    return Value(object);
  } else if constexpr (std::floating_point<Type>) {
    return Value(static_cast<double>(object));
  } else if constexpr (std::is_enum_v<Type>) {
    return Value(static_cast<std::underlying_type_t<Type>>(object));
  } else if constexpr (internal::Text<Type>) {
    return Value(std::string_view(object));
  } else if constexpr (internal::Optional<Type>) {
    return object ? to_value(*object) : Value();
  } else if constexpr (std::ranges::range<const Type>) {
    using Element = std::ranges::range_value_t<const Type>;
    Value::List list;
    for (const auto& element : object) list.push_back(to_value<Element>(element));
    return Value(std::move(list));
  } else if constexpr (internal::TupleLike<Type>) {
    return std::apply([](const auto&... member) { return Value(Value::List{to_value(member)...}); },
                      object);
  } else if constexpr (internal::Adapted<Type>) {
    return to_value(internal::adapted(object));
  } else if constexpr (internal::Plain<Type>) {
    return internal::with_members(
        object, [](const auto&... member) { return Value(Value::List{to_value(member)...}); });
  } else {
    static_assert(internal::kNeverTrue<Type>,
                  "this type is no value yet: specialise weft::linearize::Conversion for it, see "
                  "stress/linearize/convert.h");
  }
}

// Throws ValueError if the value is not one of that type.
template <class Type>
Type from_value(const Value& value) {
  if constexpr (std::same_as<Type, Value>) {
    return value;
  } else if constexpr (internal::kConversionGiven<Type>) {
    return Conversion<Type>::from(value);
  } else if constexpr (std::same_as<Type, std::monostate>) {
    if (!value.is_nothing()) internal::refuse(value, "nothing");
    return {};
  } else if constexpr (std::same_as<Type, bool>) {
    const bool* const truth = value.get_if<bool>();
    if (truth == nullptr) internal::refuse(value, "true or false");
    return *truth;
  } else if constexpr (std::integral<Type>) {
    using Limits = std::numeric_limits<Type>;
    if constexpr (sizeof(Type) < sizeof(std::int64_t)) {
      return static_cast<Type>(internal::integer_of(value, Limits::min(), Limits::max()));
    } else {  // an unsigned one comes back as it went in
      using Wide = std::numeric_limits<std::int64_t>;
      return static_cast<Type>(internal::integer_of(value, Wide::min(), Wide::max()));
    }
  } else if constexpr (std::floating_point<Type>) {
    const double* const real = value.get_if<double>();
    if (real == nullptr) internal::refuse(value, "a real number");
    return static_cast<Type>(*real);
  } else if constexpr (std::is_enum_v<Type>) {
    return static_cast<Type>(from_value<std::underlying_type_t<Type>>(value));
  } else if constexpr (internal::Text<Type>) {
    static_assert(std::constructible_from<Type, const std::string&>,
                  "take the text by std::string or std::string_view");
    const auto* const text = value.get_if<std::string>();
    if (text == nullptr) internal::refuse(value, "a text");
    return Type(*text);
  } else if constexpr (internal::Optional<Type>) {
    if (value.is_nothing()) return std::nullopt;
    return from_value<typename Type::value_type>(value);
  } else if constexpr (std::ranges::range<Type> && !internal::TupleLike<Type>) {
    Type container{};
    if constexpr (requires { std::tuple_size<Type>::value; }) {  // std::array
      const auto& list = internal::list_of(value, container.size());
      for (std::size_t i = 0; i < list.size(); ++i) {
        container[i] = from_value<typename Type::value_type>(list[i]);
      }
    } else {
      for (const Value& element : internal::list_of(value)) {
        container.insert(container.end(),
                         from_value<typename internal::ElementOf<Type>::Value>(element));
      }
    }
    return container;
  } else if constexpr (internal::TupleLike<Type>) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      const auto& list = internal::list_of(value, sizeof...(I));
      return Type{from_value<std::remove_cv_t<std::tuple_element_t<I, Type>>>(list[I])...};
    }(std::make_index_sequence<std::tuple_size_v<Type>>());
  } else if constexpr (internal::Plain<Type>) {
    Type object{};
    internal::with_members(object, [&](auto&... member) {
      const auto& list = internal::list_of(value, sizeof...(member));
      std::size_t next = 0;
      ((member = from_value<std::remove_cvref_t<decltype(member)>>(list[next++])), ...);
    });
    return object;
  } else {
    static_assert(internal::kNeverTrue<Type>,
                  "this type is no value yet: specialise weft::linearize::Conversion for it, see "
                  "stress/linearize/convert.h");
  }
}

}  // namespace weft::linearize
