// The sentence that a body returns.
// Thread safety: a pure function.
#pragma once

#include <string>
#include <string_view>

namespace weft::scenarios::specimens {

// Empty if they are equal, else "the sum is 37, not 40".
inline std::string unless_equal(std::string_view what, long got, long wanted) {
  if (got == wanted) return "";
  return "the " + std::string(what) + " is " + std::to_string(got) + ", not " +
         std::to_string(wanted);
}

// Empty if it holds, else the sentence.
inline std::string unless(bool holds, const char* sentence) { return holds ? "" : sentence; }

}  // namespace weft::scenarios::specimens
