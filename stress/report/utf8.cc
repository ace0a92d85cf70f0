#include "stress/report/utf8.h"

#include <cstddef>

namespace weft::report {
namespace {

// The table of well-formed sequences, The Unicode Standard, section 3.9, table 3-7: the length by
// the first byte, and narrower bounds for the second one after some first bytes.
struct Lead {
  std::size_t length = 0;  // 0: cannot begin a sequence
  unsigned char second_min = 0x80;
  unsigned char second_max = 0xBF;
};

Lead lead(unsigned char byte) {
  if (byte < 0x80) return {.length = 1};
  if (byte < 0xC2) return {};
  if (byte < 0xE0) return {.length = 2};
  if (byte == 0xE0) return {.length = 3, .second_min = 0xA0};
  if (byte == 0xED) return {.length = 3, .second_max = 0x9F};
  if (byte < 0xF0) return {.length = 3};
  if (byte == 0xF0) return {.length = 4, .second_min = 0x90};
  if (byte < 0xF4) return {.length = 4};
  if (byte == 0xF4) return {.length = 4, .second_max = 0x8F};
  return {};
}

// The length of the sequence at the beginning of `text`, 0 if there is none.
std::size_t sequence(std::string_view text) {
  const Lead first = lead(static_cast<unsigned char>(text[0]));
  if (first.length == 0 || first.length > text.size()) return 0;
  for (std::size_t i = 1; i < first.length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const unsigned char min = i == 1 ? first.second_min : 0x80;
    const unsigned char max = i == 1 ? first.second_max : 0xBF;
    if (byte < min || byte > max) return 0;
  }
  return first.length;
}

}  // namespace

std::string valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = sequence(text);
    if (length == 0) {
      valid += "\xEF\xBF\xBD";
      text.remove_prefix(1);
    } else {
      valid += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return valid;
}

}  // namespace weft::report
