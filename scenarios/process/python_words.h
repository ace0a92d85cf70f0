// What the documents print of a process, in their words.
//
// Thread safety: pure functions.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace weft::scenarios {

inline std::string in_python(bool value) { return value ? "True" : "False"; }
inline std::string in_python(std::optional<int> value) {
  return value ? std::to_string(*value) : "None";
}

}  // namespace weft::scenarios
