// A map from keys to values; its keys are independent, but for its size.
//
// Thread safety: values.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "stress/linearize/model.h"

namespace weft::linearize::models {

struct Map {
  std::unordered_map<Value, Value> pairs = {};

  void put(const Value& key, const Value& value) { pairs[key] = value; }
  // Nothing if there is no such key.
  Value get(const Value& key) const {
    const auto found = pairs.find(key);
    return found == pairs.end() ? Value() : found->second;
  }
  // Whether there was one.
  bool remove(const Value& key) { return pairs.erase(key) > 0; }
  // Puts `next` if the key's value is `expected`; nothing stands for no such key.
  bool compare_exchange(const Value& key, const Value& expected, const Value& next) {
    if (get(key) != expected) return false;
    pairs[key] = next;
    return true;
  }
  // To a text, which is empty where there is none.
  void append(const Value& key, const std::string& text) {
    Value& value = pairs[key];
    value = (value.is_nothing() ? "" : from_value<std::string>(value)) + text;
  }
  std::int64_t size() const { return static_cast<std::int64_t>(pairs.size()); }

  static std::optional<Value> part(std::string_view, std::span<const Value> arguments) {
    if (arguments.empty()) return std::nullopt;
    return arguments[0];
  }
};

inline ModelOf<Map> map() {
  return ModelOf<Map>("map")
      .operation("put", &Map::put)
      .operation("get", &Map::get)
      .operation("remove", &Map::remove)
      .operation("compare_exchange", &Map::compare_exchange)
      .operation("append", &Map::append)
      .operation("size", &Map::size);
}

}  // namespace weft::linearize::models
