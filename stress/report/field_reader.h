// Reads what finding.json says, field by field, for those who know what belongs where.
//
// Thread safety: a FieldReader reads only; the Json must outlive it.
#pragma once

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "stress/report/finding_json.h"
#include "stress/report/json_reader.h"

namespace weft::report {

[[noreturn]] inline void refuse_finding(const std::string& what) {
  throw FindingError("finding.json: " + what);
}

// Reads the fields of one object, and names what is wrong by its path in the file.
class FieldReader {
 public:
  FieldReader(const Json& json, std::string path) : json_(json), path_(std::move(path)) {
    if (!std::holds_alternative<JsonObject>(json_.value)) refuse_finding(path_ + " is no object");
  }

  const Json* find(const std::string& key) const {
    const auto found = json_.object().find(key);
    return found == json_.object().end() ? nullptr : &found->second;
  }
  std::string path(const std::string& key) const { return path_ + "." + key; }

  template <class T>
  const T& get(const std::string& key, const char* type) const {
    const Json* json = find(key);
    if (json == nullptr) refuse_finding(path(key) + " is missing");
    const T* value = std::get_if<T>(&json->value);
    if (value == nullptr) refuse_finding(path(key) + " is no " + type);
    return *value;
  }
  std::string text(const std::string& key) const { return get<std::string>(key, "string"); }
  double real(const std::string& key) const { return get<double>(key, "number"); }
  std::uint64_t number(const std::string& key) const {
    return whole(real(key), path(key), std::uint64_t{1} << 53);
  }
  // Written as a text, because JSON's numbers are exact only up to 53 bits.
  std::uint64_t long_number(const std::string& key) const {
    const std::string& digits = get<std::string>(key, "string");
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size()) {
      refuse_finding(path(key) + " is no number in a string");
    }
    return value;
  }
  unsigned index(const std::string& key, std::size_t size) const {
    return static_cast<unsigned>(whole(real(key), path(key), size));
  }
  std::optional<unsigned> optional_index(const std::string& key, std::size_t size) const {
    if (find(key) == nullptr) return std::nullopt;
    return index(key, size);
  }
  std::string optional_text(const std::string& key) const {
    return find(key) == nullptr ? "" : text(key);
  }
  bool flag(const std::string& key) const {
    return find(key) != nullptr && get<bool>(key, "boolean");
  }
  const JsonArray& list(const std::string& key) const { return get<JsonArray>(key, "list"); }
  std::vector<std::string> texts(const std::string& key) const {
    std::vector<std::string> result;
    for (const Json& json : list(key)) {
      const std::string* value = std::get_if<std::string>(&json.value);
      if (value == nullptr) refuse_finding(path(key) + " is no list of strings");
      result.push_back(*value);
    }
    return result;
  }
  std::vector<unsigned> indices(const std::string& key, std::size_t size) const {
    std::vector<unsigned> result;
    for (const Json& json : list(key)) {
      const double* value = std::get_if<double>(&json.value);
      if (value == nullptr) refuse_finding(path(key) + " is no list of numbers");
      result.push_back(static_cast<unsigned>(whole(*value, path(key), size)));
    }
    return result;
  }
  template <std::size_t N>
  unsigned word(const std::string& key, const char* const (&words)[N]) const {
    const std::string found = text(key);
    for (unsigned i = 0; i < N; ++i) {
      if (found == words[i]) return i;
    }
    refuse_finding(path(key) + " is \"" + found + "\", which is none of its words");
  }

 private:
  static std::uint64_t whole(double value, const std::string& where, std::uint64_t limit) {
    const bool fits =
        value >= 0 && value == std::floor(value) && value < static_cast<double>(limit);
    if (!fits) refuse_finding(where + " is no whole number below " + std::to_string(limit));
    return static_cast<std::uint64_t>(value);
  }

  const Json& json_;
  const std::string path_;
};

}  // namespace weft::report
