// A schedule as text: short, printable, safe in a shell and in a URL.
//
//   w1-SEED-DECISIONS-DIGEST
//
//   w1         the format's version
//   SEED       of the execution, from which run.random() follows; hexadecimal
//   DECISIONS  what was decided where there was a choice: the number of answers 0 (go on with the
//              thread that runs, wake the longest waiting, nothing spurious), then an answer above
//              0, and so on in turn. Numbers are little-endian in characters of five bits each; the
//              sixth bit says that more follow. Answers 0 at the end are left out.
//   DIGEST     of the execution's operations; hexadecimal. It tells a schedule of another program.
//
// Thread safety: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weft::explore {

struct Schedule {
  std::uint64_t seed = 0;
  std::vector<std::uint16_t> decisions;
  std::uint32_t digest = 0;

  bool operator==(const Schedule&) const = default;
};

std::string to_string(const Schedule& schedule);
// Nothing if the text is not a schedule; then `why` says what is wrong with it.
std::optional<Schedule> schedule_from(std::string_view text, std::string& why);

}  // namespace weft::explore
