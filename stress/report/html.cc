#include "stress/report/html.h"

#include <cstdint>
#include <cstdio>

#include "stress/report/utf8.h"

namespace weft::report {
namespace {

// The character at `at` of well-formed UTF-8, and how many bytes it takes.
std::uint32_t character_at(std::string_view text, std::size_t at, std::size_t& size) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  size = byte(0) < 0x80 ? 1 : byte(0) < 0xE0 ? 2 : byte(0) < 0xF0 ? 3 : 4;
  if (size == 1) return byte(0);
  std::uint32_t character = byte(0) & (0xFFu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) character = character << 6 | (byte(i) & 0x3Fu);
  return character;
}

bool turns_direction(std::uint32_t character) {
  return character == 0x061C || character == 0x200E || character == 0x200F ||
         (character >= 0x202A && character <= 0x202E) ||
         (character >= 0x2066 && character <= 0x2069);
}

std::string number_of(std::uint32_t character) {
  char text[16];
  std::snprintf(text, sizeof text, "[U+%04X]", character);
  return text;
}

// U+2400 and on: pictures of U+0000 and on.
std::string picture_of(std::uint32_t character) {
  const std::uint32_t picture = character == 0x7F ? 0x21 : character;
  return std::string("\xE2\x90") + static_cast<char>(0x80 + picture);
}

std::string escaped(std::string_view any, bool keep_lines) {
  const std::string text = valid_utf8(any);
  std::string result;
  for (std::size_t at = 0, size = 0; at < text.size(); at += size) {
    const std::uint32_t character = character_at(text, at, size);
    if (character == '&') {
      result += "&amp;";
    } else if (character == '<') {
      result += "&lt;";
    } else if (character == '>') {
      result += "&gt;";
    } else if (character == '"') {
      result += "&quot;";
    } else if (character == '\'') {
      result += "&#39;";
    } else if (character == '\n' && keep_lines) {
      result += '\n';
    } else if (character < 0x20 || character == 0x7F) {
      result += picture_of(character);
    } else if ((character >= 0x80 && character < 0xA0) || turns_direction(character)) {
      result += number_of(character);
    } else {
      result.append(text, at, size);
    }
  }
  return result;
}

}  // namespace

std::string html(std::string_view text) { return escaped(text, false); }
std::string html_lines(std::string_view text) { return escaped(text, true); }

}  // namespace weft::report
