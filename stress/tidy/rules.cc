#include "stress/tidy/rules.h"

#include <algorithm>
#include <regex>
#include <sstream>

namespace weft::tidy {
namespace {

constexpr int kWaiverReach = 3;  // lines above a finding in which a waiver counts

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool is_header(const File& file) { return ends_with(file.path, ".h"); }

std::string::size_type comment_start(const std::string& line) { return line.find("//"); }

std::string code_of(const std::string& line) { return line.substr(0, comment_start(line)); }

std::string comment_of(const std::string& line) {
  const auto start = comment_start(line);
  return start == std::string::npos ? "" : line.substr(start);
}

bool waives(const std::string& line, const std::string& rule) {
  const std::regex waiver("tidy-allow\\(" + rule + "\\):\\s*\\S+\\s+\\S+\\s+\\S+");
  return std::regex_search(line, waiver);
}

bool waived_near(const std::vector<std::string>& lines, int index, const std::string& rule) {
  for (int i = std::max(0, index - kWaiverReach); i <= index; ++i) {
    if (waives(lines[i], rule)) return true;
  }
  return false;
}

bool waived_anywhere(const std::vector<std::string>& lines, const std::string& rule) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return waives(line, rule); });
}

// A finding for each line whose code matches.
std::vector<Finding> match_code(const File& file, const std::string& rule, const std::regex& bad,
                                const std::string& what) {
  std::vector<Finding> findings;
  const auto lines = split_lines(file.text);
  for (int i = 0; i < static_cast<int>(lines.size()); ++i) {
    if (std::regex_search(code_of(lines[i]), bad) && !waived_near(lines, i, rule)) {
      findings.push_back({rule, file.path, i + 1, what});
    }
  }
  return findings;
}

// The comments that a reader takes as being about line `index`: its own, and those above it up to
// the last line that ends a declaration before the comment block.
std::string comments_about(const std::vector<std::string>& lines, int index) {
  constexpr int kReach = 12;
  std::string text = comment_of(lines[index]);
  bool in_comment = false;
  for (int i = index - 1; i >= 0 && i >= index - kReach; --i) {
    const bool has_comment = !comment_of(lines[i]).empty();
    const bool only_comment =
        has_comment && code_of(lines[i]).find_first_not_of(' ') == std::string::npos;
    if (in_comment && !only_comment) break;
    in_comment = only_comment;
    text = comment_of(lines[i]) + " " + text;
  }
  return text;
}

}  // namespace

std::string to_string(const Finding& finding) {
  return finding.path + ":" + std::to_string(finding.line) + ": [" + finding.rule + "] " +
         finding.what;
}

std::vector<Finding> check_orders(const File& file) {
  static const std::regex order("memory_order(?:_|::)(relaxed|acquire|release|acq_rel|consume)");
  std::vector<Finding> findings;
  const auto lines = split_lines(file.text);
  const bool relaxed_throughout = file.text.find("// relaxed throughout: ") != std::string::npos;
  for (int i = 0; i < static_cast<int>(lines.size()); ++i) {
    const std::string code = code_of(lines[i]);
    for (std::sregex_iterator match(code.begin(), code.end(), order), end; match != end; ++match) {
      const std::string name = (*match)[1];
      if (name == "relaxed" && relaxed_throughout) continue;
      const std::string comments = comments_about(lines, i);
      const bool named = comments.find(name) != std::string::npos;
      const bool paired = name == "relaxed" || comments.find("pairs with") != std::string::npos ||
                          comments.find("pair with") != std::string::npos;
      if ((named && paired) || waived_near(lines, i, "order")) continue;
      findings.push_back({"order", file.path, i + 1,
                          "say in a comment above why " + name + " is enough" +
                              (name == "relaxed" ? "" : " and what it pairs with")});
    }
  }
  return findings;
}

std::vector<Finding> check_sleeps(const File& file) {
  static const std::regex sleeps("\\b(sleep_for|sleep_until|usleep|nanosleep|sleep)\\s*\\(");
  return match_code(file, "sleep", sleeps, "nothing sleeps to make an ordering happen");
}

std::vector<Finding> check_randomness(const File& file) {
  static const std::regex unseeded("\\b(random_device|srand|rand)\\b\\s*[({\\w]|\\bdrand48\\b");
  return match_code(file, "random", unseeded, "draw from a generator whose seed is printed");
}

std::vector<Finding> check_length(const File& file) {
  const auto lines = split_lines(file.text);
  const std::size_t limit = is_header(file) ? 300 : 400;
  if (lines.size() <= limit || waived_anywhere(lines, "length")) return {};
  return {{"length", file.path, 0,
           std::to_string(lines.size()) + " lines, more than " + std::to_string(limit) +
               ": split it by idea"}};
}

std::vector<Finding> check_flaky(const File& build_file) {
  static const std::regex flaky("\\bflaky\\s*=\\s*(True|1)");
  std::vector<Finding> findings;
  const auto lines = split_lines(build_file.text);
  for (int i = 0; i < static_cast<int>(lines.size()); ++i) {
    if (!std::regex_search(lines[i], flaky)) continue;
    findings.push_back({"flaky", build_file.path, i + 1, "a retry hides a failure; mend the test"});
  }
  return findings;
}

std::vector<Finding> check_visibility(const File& build_file) {
  const std::string group = "//:may_use_" + build_file.path.substr(0, build_file.path.find('/'));
  std::string code;
  for (const std::string& line : split_lines(build_file.text)) {
    code += line.substr(0, line.find('#')) + "\n";
  }
  const std::regex sets_it("\\bpackage\\([^)]*\\bdefault_visibility\\s*=\\s*\\[\\s*\"" + group +
                           "\"\\s*,?\\s*\\]");
  if (std::regex_search(code, sets_it)) return {};
  if (waived_anywhere(split_lines(build_file.text), "visibility")) return {};
  return {{"visibility", build_file.path, 0,
           "set the room's group: package(default_visibility = [\"" + group + "\"])"}};
}

std::vector<Finding> check_test_names(const File& file) {
  static const std::regex numbered("\\bTEST(_F|_P)?\\(\\s*\\w+,\\s*[A-Za-z]+\\d+\\s*\\)");
  return match_code(file, "test-name", numbered, "name the property, not a number");
}

std::vector<Finding> check_named(const File& source, std::string_view path_in_package,
                                 std::string_view build_text) {
  const std::string path(path_in_package);
  const std::string stem = path.substr(0, path.rfind('.'));
  // A file is named by itself, or by the name of a macro's target that makes its sources of it.
  for (const std::string& quoted :
       {'"' + path + '"', "name = \"" + stem + '"', "(\"" + stem + '"'}) {
    if (build_text.find(quoted) != std::string_view::npos) return {};
  }
  if (waived_anywhere(split_lines(source.text), "unnamed-source")) return {};
  return {{"unnamed-source", source.path, 0, "no target of its package names it"}};
}

}  // namespace weft::tidy
