// The rules of style that a machine can judge, each a function from one file to its findings.
//
// A finding is waived by a comment `// tidy-allow(RULE): reason` on its line or up to three lines
// above it, or anywhere in the file for a rule about the whole file; the reason has at least three
// words.
// Thread safety: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weft::tidy {

struct File {
  std::string path;  // from the root of the tree
  std::string text;
};

struct Finding {
  std::string rule;
  std::string path;
  int line = 0;  // from 1; 0 for the whole file
  std::string what;
};

std::string to_string(const Finding& finding);

// order: a memory order weaker than seq_cst without a comment above it that names the order and,
// for acquire and release, says what it pairs with. A file that says once "relaxed throughout: why"
// has given its reason for that order.
std::vector<Finding> check_orders(const File& file);

// sleep: a sleep. Nothing sleeps to make an ordering happen.
std::vector<Finding> check_sleeps(const File& file);

// random: randomness that no seed repeats.
std::vector<Finding> check_randomness(const File& file);

// length: a header over 300 lines, a source over 400.
std::vector<Finding> check_length(const File& file);

// flaky: a target that hides its failures by a retry.
std::vector<Finding> check_flaky(const File& build_file);

// visibility: a BUILD file of a room that does not set its room's group as its default_visibility,
// so that a lower room could depend on it, or a room above could not. The room is the first folder
// of the file's path.
std::vector<Finding> check_visibility(const File& build_file);

// test-name: a test named by a number instead of its property.
std::vector<Finding> check_test_names(const File& file);

// unnamed-source: a C++ source that its package's BUILD file does not name. `path_in_package` is
// the source's path below that package.
std::vector<Finding> check_named(const File& source, std::string_view path_in_package,
                                 std::string_view build_text);

}  // namespace weft::tidy
