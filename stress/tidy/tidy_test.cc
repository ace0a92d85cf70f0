// Holds the whole tree against the rules of style. It reads the tree itself, not copies of it, so
// it runs anew each time.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

#include "stress/tidy/rules.h"

namespace weft::tidy {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRooms[] = {"primitives", "scenarios", "stress", "benchmarks", "examples"};

// README.md among the test's files is a link to the tree's own.
fs::path root_of_tree() {
  const fs::path root = fs::canonical("README.md").parent_path();
  if (!fs::exists(root / "WORKSPACE")) {
    throw std::runtime_error("this test must run where the source tree is: " + root.string() +
                             " has no WORKSPACE");
  }
  return root;
}

std::string read(const fs::path& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<File> files_where(const std::function<bool(const fs::path&)>& wanted) {
  const fs::path root = root_of_tree();
  std::vector<File> files;
  for (const char* room : kRooms) {
    if (!fs::exists(root / room)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / room)) {
      if (!entry.is_regular_file() || !wanted(entry.path())) continue;
      files.push_back({fs::relative(entry.path(), root).string(), read(entry.path())});
    }
  }
  return files;
}

bool is_source(const fs::path& path) {
  return path.extension() == ".h" || path.extension() == ".cc" || path.extension() == ".c";
}

// All but the one that is full of cases that must fail.
std::vector<File> judged_sources() {
  return files_where(
      [](const fs::path& path) { return is_source(path) && path.filename() != "rules_test.cc"; });
}

std::vector<File> sources() { return files_where(is_source); }

void expect_none(const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) ADD_FAILURE() << to_string(finding);
}

std::string first_on_path(const std::vector<std::string>& programs) {
  for (const std::string& program : programs) {
    if (std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) == 0) return program;
  }
  return "";
}

TEST(Tree, HasSourcesInEachRoomThatStands) { EXPECT_GT(sources().size(), 30u); }

TEST(Tree, GivesAReasonForEachWeakOrder) {
  for (const File& file : judged_sources()) expect_none(check_orders(file));
}

TEST(Tree, SleepsNowhereWithoutAReason) {
  for (const File& file : judged_sources()) expect_none(check_sleeps(file));
}

TEST(Tree, DrawsOnlySeededRandomness) {
  for (const File& file : judged_sources()) expect_none(check_randomness(file));
}

TEST(Tree, HasNoOverlongFile) {
  for (const File& file : sources()) expect_none(check_length(file));
}

TEST(Tree, NamesTestsByTheirProperty) {
  for (const File& file : judged_sources()) expect_none(check_test_names(file));
}

std::vector<File> build_files() {
  return files_where([](const fs::path& path) { return path.filename() == "BUILD.bazel"; });
}

TEST(Tree, HasNoFlakyTarget) {
  for (const File& file : build_files()) expect_none(check_flaky(file));
}

TEST(Tree, LetsEachRoomBeUsedByThoseAboveItOnly) {
  for (const File& file : build_files()) {
    // Examples use the rooms and are none.
    if (!file.path.starts_with("examples/")) expect_none(check_visibility(file));
  }
}

TEST(Tree, HasNoSourceWithoutATarget) {
  const fs::path root = root_of_tree();
  for (const File& file : sources()) {
    fs::path package = (root / file.path).parent_path();
    while (package != root && !fs::exists(package / "BUILD.bazel")) package = package.parent_path();
    expect_none(check_named(file, fs::relative(root / file.path, package).string(),
                            read(package / "BUILD.bazel")));
  }
}

TEST(Tree, IsFormatted) {
  const std::string tool = first_on_path({"clang-format-19", "clang-format"});
  if (tool.empty()) GTEST_SKIP() << "clang-format is not installed";
  const fs::path root = root_of_tree();
  std::string command = "cd '" + root.string() + "' && " + tool + " --dry-run -Werror";
  for (const File& file : sources()) command += " '" + file.path + "'";
  EXPECT_EQ(std::system(command.c_str()), 0) << "run " << tool << " -i on the files named above";
}

TEST(Tree, HasFormattedBuildFiles) {
  const std::string tool = first_on_path({"buildifier"});
  if (tool.empty()) GTEST_SKIP() << "buildifier is not installed";
  const std::string command = "cd '" + root_of_tree().string() + "' && " + tool +
                              " -mode=check -lint=warn -r WORKSPACE MODULE.bazel BUILD.bazel "
                              "third_party primitives scenarios stress benchmarks";
  EXPECT_EQ(std::system(command.c_str()), 0) << "run buildifier -mode=fix -lint=fix on them";
}

}  // namespace
}  // namespace weft::tidy
