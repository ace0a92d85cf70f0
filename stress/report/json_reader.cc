#include "stress/report/json_reader.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "stress/report/utf8.h"

namespace weft::report {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Json whole() {
    Json json = value();
    skip_space();
    if (at_ != text_.size()) fail("the end");
    return json;
  }

 private:
  [[noreturn]] void fail(const std::string& expected) const {
    throw JsonError("JSON, byte " + std::to_string(at_) + ": expected " + expected);
  }
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_space() {
    while (at_ < text_.size() &&
           std::string_view(" \t\r\n").find(text_[at_]) != std::string::npos) {
      ++at_;
    }
  }
  void take(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) fail(std::string(word));
    at_ += word.size();
  }
  bool take_if(char c) {
    skip_space();
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  Json value() {
    if (++depth_ > kDeepest) fail("less nesting");
    Json json = value_here();
    --depth_;
    return json;
  }

  Json value_here() {
    skip_space();
    switch (peek()) {
      case '{':
        return Json{object()};
      case '[':
        return Json{array()};
      case '"':
        return Json{string()};
      case 't':
        take("true");
        return Json{true};
      case 'f':
        take("false");
        return Json{false};
      case 'n':
        take("null");
        return Json{nullptr};
      default:
        return number();
    }
  }

  JsonObject object() {
    JsonObject object;
    take("{");
    if (take_if('}')) return object;
    do {
      skip_space();
      std::string name = string();
      skip_space();
      take(":");
      if (!object.emplace(std::move(name), value()).second) fail("a new name");
    } while (take_if(','));
    skip_space();
    take("}");
    return object;
  }

  JsonArray array() {
    JsonArray array;
    take("[");
    if (take_if(']')) return array;
    do array.push_back(value());
    while (take_if(','));
    skip_space();
    take("]");
    return array;
  }

  Json number() {
    double value = 0;
    // from_chars also takes "inf", "nan" and a leading zero, which JSON does not.
    const char* begin = text_.data() + at_;
    const std::string_view digits = text_.substr(at_ + (peek() == '-' ? 1 : 0));
    const bool digit = !digits.empty() && is_digit(digits[0]);
    if (!digit || (digits[0] == '0' && digits.size() > 1 && is_digit(digits[1]))) fail("a value");
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
    if (error != std::errc()) fail("a number");
    at_ += static_cast<std::size_t>(end - begin);
    std::int64_t integer = 0;
    const auto [integer_end, too_big] = std::from_chars(begin, end, integer);
    if (integer_end != end || too_big != std::errc()) return Json{value};
    return Json{value, integer};
  }

  std::string string() {
    std::string string;
    take("\"");
    while (peek() != '"') {
      if (at_ >= text_.size() || static_cast<unsigned char>(peek()) < 0x20) fail("a character");
      if (peek() == '\\') {
        string += escaped();
      } else {
        string += text_[at_++];
      }
    }
    take("\"");
    if (valid_utf8(string) != string) fail("UTF-8 in the string before");
    return string;
  }

  std::string escaped() {
    take("\\");
    const char kind = peek();
    ++at_;
    switch (kind) {
      case '"':
      case '\\':
      case '/':
        return std::string(1, kind);
      case 'b':
        return "\b";
      case 'f':
        return "\f";
      case 'n':
        return "\n";
      case 'r':
        return "\r";
      case 't':
        return "\t";
      case 'u':
        return utf8(code_point());
      default:
        fail("an escape");
    }
  }
  unsigned four_digits() {
    unsigned code = 0;
    const std::string_view digits = text_.substr(std::min(at_, text_.size()), 4);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (error != std::errc() || end != digits.data() + 4) fail("four hexadecimal digits");
    at_ += 4;
    return code;
  }
  // What lies beyond 16 bits is written as two numbers, the high one first.
  unsigned code_point() {
    const unsigned first = four_digits();
    if (first < 0xD800 || first > 0xDFFF) return first;
    if (first > 0xDBFF) fail("the high surrogate first");
    take("\\u");
    const unsigned second = four_digits();
    if (second < 0xDC00 || second > 0xDFFF) fail("a low surrogate");
    return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
  }
  static std::string utf8(unsigned code) {
    const auto tail = [code](unsigned shift) {
      return static_cast<char>(0x80 | ((code >> shift) & 0x3F));
    };
    if (code < 0x80) return {static_cast<char>(code)};
    if (code < 0x800) return {static_cast<char>(0xC0 | (code >> 6)), tail(0)};
    if (code < 0x10000) return {static_cast<char>(0xE0 | (code >> 12)), tail(6), tail(0)};
    return {static_cast<char>(0xF0 | (code >> 18)), tail(12), tail(6), tail(0)};
  }

  static constexpr int kDeepest = 200;
  const std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Json read_json(std::string_view text) { return Reader(text).whole(); }

}  // namespace weft::report
