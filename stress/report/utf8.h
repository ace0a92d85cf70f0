// Makes any bytes fit to be shown: names of symbols and messages of exceptions may hold anything.
//
// Thread safety: any thread.
#pragma once

#include <string>
#include <string_view>

namespace weft::report {

// `text` with each byte that is no part of well-formed UTF-8 replaced by U+FFFD, the replacement
// character.
std::string valid_utf8(std::string_view text);

}  // namespace weft::report
