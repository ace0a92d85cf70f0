// What the tests of searches ask of a report.
#pragma once

#include <string>

#include "stress/run/report.h"

namespace weft {

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

// "assertion: an increment was lost", or "nothing".
inline std::string text_of(const Report& report) {
  if (!report.violation) return "nothing";
  return std::string(to_string(report.violation->kind)) + ": " + report.violation->text;
}

}  // namespace weft
