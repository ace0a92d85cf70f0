// Reads JSON (RFC 8259): strict, so that what it takes every reader takes.
//
// Thread safety: any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace weft::report {

struct Json;
using JsonArray = std::vector<Json>;
using JsonObject = std::map<std::string, Json>;

struct Json {
  std::variant<std::nullptr_t, bool, double, std::string, JsonArray, JsonObject> value;
  // Of a number without point and exponent, if it fits: a double holds not each of them.
  std::optional<std::int64_t> integer = {};

  // Each throws std::bad_variant_access for another type; at() std::out_of_range for no such name.
  const Json& at(const std::string& name) const { return object().at(name); }
  const JsonObject& object() const { return std::get<JsonObject>(value); }
  const JsonArray& array() const { return std::get<JsonArray>(value); }
  const std::string& text() const { return std::get<std::string>(value); }
  double number() const { return std::get<double>(value); }
  bool boolean() const { return std::get<bool>(value); }
};

// what() says where and what was expected.
class JsonError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Throws JsonError. A name that occurs twice in one object is an error.
Json read_json(std::string_view text);

}  // namespace weft::report
