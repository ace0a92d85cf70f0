// A set; its elements are independent, but for its size.
//
// Thread safety: values.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_set>

#include "stress/linearize/model.h"

namespace weft::linearize::models {

struct Set {
  std::unordered_set<Value> elements = {};

  // Whether that changed anything.
  bool add(const Value& element) { return elements.insert(element).second; }
  bool remove(const Value& element) { return elements.erase(element) > 0; }
  bool contains(const Value& element) const { return elements.contains(element); }
  std::int64_t size() const { return static_cast<std::int64_t>(elements.size()); }

  static std::optional<Value> part(std::string_view, std::span<const Value> arguments) {
    if (arguments.empty()) return std::nullopt;
    return arguments[0];
  }
};

inline ModelOf<Set> set() {
  return ModelOf<Set>("set")
      .operation("add", &Set::add)
      .operation("remove", &Set::remove)
      .operation("contains", &Set::contains)
      .operation("size", &Set::size);
}

}  // namespace weft::linearize::models
