#include "benchmarks/tour/json_reader.h"

#include <charconv>
#include <cstdint>
#include <utility>

#include "benchmarks/tour/utf8.h"

namespace weft::tour {
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
        return Json{number()};
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

  double number() {
    double value = 0;
    // from_chars also takes "inf", "nan" and a leading zero, which JSON does not.
    const char* begin = text_.data() + at_;
    const std::string_view digits = text_.substr(at_ + (peek() == '-' ? 1 : 0));
    const bool digit = !digits.empty() && is_digit(digits[0]);
    if (!digit || (digits[0] == '0' && digits.size() > 1 && is_digit(digits[1]))) fail("a value");
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
    if (error != std::errc()) fail("a number");
    at_ += static_cast<std::size_t>(end - begin);
    return value;
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

  // Of the escapes with a number only those of ASCII: the writer makes no others.
  char escaped() {
    take("\\");
    const char kind = peek();
    ++at_;
    switch (kind) {
      case '"':
      case '\\':
      case '/':
        return kind;
      case 'n':
        return '\n';
      case 'u':
        return numbered();
      default:
        fail("an escape");
    }
  }
  char numbered() {
    unsigned code = 0;
    const std::string_view digits = text_.substr(at_, 4);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (error != std::errc() || end != digits.data() + 4 || code > 0x7F)
      fail("four digits of ASCII");
    at_ += 4;
    return static_cast<char>(code);
  }

  const std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Json read_json(std::string_view text) { return Reader(text).whole(); }

}  // namespace weft::tour
