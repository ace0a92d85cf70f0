// Text as it may stand in a page.
//
// Thread safety: any thread.
#pragma once

#include <string>
#include <string_view>

namespace weft::report {

// For content and for attributes in double quotes. What would change how the rest is read or shown
// is made visible instead: bytes that are no UTF-8 become U+FFFD, control characters their pictures
// (a new line: U+240A), and characters that turn the direction of writing their numbers.
std::string html(std::string_view text);
// The same, but lines stay lines.
std::string html_lines(std::string_view text);

}  // namespace weft::report
