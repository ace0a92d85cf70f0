// What an operation was given, and what it gave back, as data: printed, compared, hashed, written
// to a file and read again, without the types of the tested code.
//
// Thread safety: values.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace weft::linearize {

// Nothing (void, an empty optional), a truth value, an integer, a real number, a text, or a list of
// values (a pair, a tuple, a container). Values of different kinds are never equal: 1 is not 1.0.
class Value {
 public:
  using List = std::vector<Value>;

  Value() = default;
  Value(std::same_as<bool> auto truth) : held_(truth) {}
  template <std::integral Number>
    requires(!std::same_as<Number, bool>)
  Value(Number number) : held_(static_cast<std::int64_t>(number)) {}
  Value(double real) : held_(real) {}
  Value(std::string text) : held_(std::move(text)) {}
  Value(std::string_view text) : held_(std::string(text)) {}
  Value(const char* text) : held_(std::string(text)) {}
  Value(List list) : held_(std::move(list)) {}

  bool is_nothing() const { return std::holds_alternative<std::monostate>(held_); }
  // The one of that type; null if the value is of another kind.
  template <class Type>
  const Type* get_if() const {
    return std::get_if<Type>(&held_);
  }

  // As JSON writes it, on one line; nothing is null.
  std::string text() const;
  std::size_t hash() const;
  friend bool operator==(const Value&, const Value&) = default;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, List> held_;
};

}  // namespace weft::linearize

template <>
struct std::hash<weft::linearize::Value> {
  std::size_t operator()(const weft::linearize::Value& value) const { return value.hash(); }
};
