// The tour's command line.
//
// Thread safety: any thread.
#pragma once

#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace weft::tour {

inline constexpr std::string_view kParts[] = {"scenarios", "checks", "specimens", "pool"};

struct TourOptions {
  std::string json;  // a file; empty: none
  std::string html;
  double seconds = 8;              // for all checks together
  std::vector<std::string> parts;  // of kParts; empty: all
  std::vector<std::string> rows;   // names that --list says; empty: all
  bool list = false;               // say what would run, and run nothing
  bool help = false;

  bool wants(std::string_view part) const;
  // The rows wanted, of those there are, in their order.
  std::vector<std::string> wanted(std::vector<std::string> names) const;
};

// what() says what is wrong and what would be right.
class UsageError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

// `arguments` without the program's name. Throws UsageError.
TourOptions parse(std::span<const char* const> arguments);

std::string usage();

// Where `file` is meant to be: a relative path is relative to where the user stands, which under
// `bazel run` is BUILD_WORKING_DIRECTORY and not the current folder.
std::string where_the_user_meant(const std::string& file);

}  // namespace weft::tour
