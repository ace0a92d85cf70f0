// Pieces of JSON.
//
// Thread safety: any thread; an Items by one at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace weft::report {

// A string in quotes. Bytes that are not UTF-8 become U+FFFD, so that every reader takes it.
std::string json_string(std::string_view text);
// null for what is not finite.
std::string json_number(double value);
// With as many digits as it takes to read the same number again; 0 for what is not finite.
std::string json_exact(double value);
std::string json_bool(bool value);

// The fields of an object in one line; the `optional_` ones and flags are left out where there is
// nothing to say.
class Fields {
 public:
  void add(std::string_view key, const std::string& json) {
    text_ += (text_.empty() ? "" : ", ") + json_string(key) + ": " + json;
  }
  void text(std::string_view key, std::string_view text) { add(key, json_string(text)); }
  void number(std::string_view key, std::uint64_t number) { add(key, std::to_string(number)); }
  void optional_text(std::string_view key, const std::string& value) {
    if (!value.empty()) text(key, value);
  }
  void optional_number(std::string_view key, const std::optional<unsigned>& value) {
    if (value) number(key, *value);
  }
  void flag(std::string_view key, bool value) {
    if (value) add(key, "true");
  }
  std::string object() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

// Puts commas between what it is given, each on a line of its own.
class Items {
 public:
  explicit Items(std::string indent) : indent_(std::move(indent)) {}
  void add(const std::string& item) { text_ += (text_.empty() ? "\n" : ",\n") + indent_ + item; }
  void add(std::string_view key, const std::string& value) { add(json_string(key) + ": " + value); }
  const std::string& text() const { return text_; }

 private:
  const std::string indent_;
  std::string text_;
};

}  // namespace weft::report
