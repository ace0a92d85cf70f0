#include "primitives/process/text.h"

namespace weft::internal {
namespace {

bool is_within(std::string_view bytes, std::size_t place, unsigned low, unsigned high) {
  if (place >= bytes.size()) return false;
  const auto byte = static_cast<unsigned char>(bytes[place]);
  return low <= byte && byte <= high;
}

// Of the character that `bytes` begin with; 0 if that is none. As Unicode's table 3-7, "Well-Formed
// UTF-8 Byte Sequences".
std::size_t character_size(std::string_view bytes) {
  const auto is_more = [&](std::size_t place) { return is_within(bytes, place, 0x80, 0xBF); };
  const auto first = static_cast<unsigned char>(bytes[0]);
  if (first < 0x80) return 1;
  if (first < 0xC2) return 0;  // the middle of a character, or longer than need be
  if (first < 0xE0) return is_more(1) ? 2 : 0;
  if (first < 0xF0) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80;   // longer than need be below
    const unsigned high = first == 0xED ? 0x9F : 0xBF;  // surrogates above
    return is_within(bytes, 1, low, high) && is_more(2) ? 3 : 0;
  }
  if (first > 0xF4) return 0;
  const unsigned low = first == 0xF0 ? 0x90 : 0x80;   // longer than need be below
  const unsigned high = first == 0xF4 ? 0x8F : 0xBF;  // U+110000 above
  return is_within(bytes, 1, low, high) && is_more(2) && is_more(3) ? 4 : 0;
}

}  // namespace

std::size_t utf8_prefix(std::string_view bytes) {
  std::size_t place = 0;
  while (place < bytes.size()) {
    const std::size_t size = character_size(bytes.substr(place));
    if (size == 0) break;
    place += size;
  }
  return place;
}

void make_newlines_plain(std::string& text) {
  std::size_t to = text.find('\r');
  if (to == std::string::npos) return;
  for (std::size_t from = to; from < text.size(); ++from) {
    const char byte = text[from];
    if (byte == '\r' && from + 1 < text.size() && text[from + 1] == '\n') continue;
    text[to++] = byte == '\r' ? '\n' : byte;
  }
  text.resize(to);
}

}  // namespace weft::internal
