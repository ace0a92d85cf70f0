#include "benchmarks/tour/options.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace weft::tour {
namespace {

constexpr double kMaxSeconds = 3600;

std::string all_parts() {
  std::string list;
  for (const std::string_view part : kParts) list += (list.empty() ? "" : ",") + std::string(part);
  return list;
}

double seconds_from(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value > 0) ||
      value > kMaxSeconds) {
    throw UsageError("--seconds takes a number above 0 and up to 3600, not \"" + text + "\"");
  }
  return value;
}

std::vector<std::string> parts_from(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string part = text.substr(begin, end - begin);
    if (std::ranges::find(kParts, part) == std::end(kParts)) {
      throw UsageError("--only takes parts of " + all_parts() + ", not \"" + part + "\"");
    }
    parts.push_back(part);
    begin = end + 1;
  }
  return parts;
}

void take(TourOptions& options, const std::string& name, const std::string& value) {
  if (value.empty()) throw UsageError(name + " needs a value");
  if (name == "--json") options.json = value;
  if (name == "--html") options.html = value;
  if (name == "--seconds") options.seconds = seconds_from(value);
  if (name == "--row") options.rows.push_back(value);
  if (name == "--only") options.parts = parts_from(value);
}

}  // namespace

bool TourOptions::wants(std::string_view part) const {
  return parts.empty() || std::ranges::find(parts, part) != parts.end();
}

std::vector<std::string> TourOptions::wanted(std::vector<std::string> names) const {
  if (rows.empty()) return names;
  std::erase_if(names, [this](const std::string& name) {
    return std::ranges::find(rows, name) == rows.end();
  });
  return names;
}

TourOptions parse(std::span<const char* const> arguments) {
  static constexpr std::string_view kWithValue[] = {"--json", "--html", "--seconds", "--only",
                                                    "--row"};
  TourOptions options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string argument = arguments[i];
    if (argument == "--help" || argument == "-h") {
      options.help = true;
      continue;
    }
    if (argument == "--list") {
      options.list = true;
      continue;
    }
    const std::size_t equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    if (std::ranges::find(kWithValue, name) == std::end(kWithValue)) {
      throw UsageError("\"" + argument + "\" is no option of the tour");
    }
    if (equals != argument.npos) {
      take(options, name, argument.substr(equals + 1));
    } else if (i + 1 < arguments.size()) {
      take(options, name, arguments[++i]);
    } else {
      throw UsageError(name + " needs a value");
    }
  }
  return options;
}

std::string usage() {
  return "The tour of Weft: scenarios run, checks search, bugs are caught, pools are measured.\n"
         "  --json FILE     writes the result as JSON\n"
         "  --html FILE     writes the result as one page\n"
         "  --seconds N     for all checks together (8)\n"
         "  --only PARTS    some of " +
         all_parts() +
         "\n"
         "  --row NAME      this row alone; may be given several times\n"
         "  --list          says what would run, and runs nothing\n"
         "Under `bazel run //:tour` they come after --. The exit code is 0 if all is as expected, "
         "1 if\n"
         "something is not, 2 if an option is wrong or a file cannot be written.\n";
}

std::string where_the_user_meant(const std::string& file) {
  const char* folder = std::getenv("BUILD_WORKING_DIRECTORY");
  if (file.empty() || file[0] == '/' || folder == nullptr || *folder == '\0') return file;
  return std::string(folder) + "/" + file;
}

}  // namespace weft::tour
