// A Finding as a file and back. docs/finding-json.md describes the file for readers elsewhere.
//
// Thread safety: any thread.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "stress/report/finding.h"

namespace weft::report {

// Goes up when a reader of the old version would misunderstand the new file; new fields alone are
// no reason.
inline constexpr int kFindingVersion = 1;

// With a final newline. Bytes of texts that are not UTF-8 become U+FFFD; all else survives.
std::string to_json(const Finding& finding);

// what() says what is wrong, and where.
class FindingError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Throws FindingError: for what is no JSON, another version, a field that is missing or of another
// type, an index out of range. Fields that it does not know are passed over.
Finding finding_from_json(std::string_view text);

}  // namespace weft::report
