// What a program has written as text: UTF-8, and each line ended by one '\n', as Python's text=True
// has it. Bytes are looked at when all are there, so nothing depends on how they came.
//
// Thread safety: pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weft::internal {

// How many bytes come before the first that belongs to no character of UTF-8; all, if there is
// none. One that is cut off at the end is none, nor is a surrogate, one that is written longer than
// need be, or one above U+10FFFF.
std::size_t utf8_prefix(std::string_view bytes);

// Each "\r\n", and each '\r' without a '\n' behind it, becomes '\n'.
void make_newlines_plain(std::string& text);

}  // namespace weft::internal
