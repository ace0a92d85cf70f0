// What the README shows is what the tools print: its program is bank_test.cc, its output that
// test's.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <regex>
#include <string>

namespace weft {
namespace {

std::string read(const std::string& path) {
  std::ifstream stream(path);
  EXPECT_TRUE(stream.good()) << "cannot read " << path;
  return {std::istreambuf_iterator<char>(stream), {}};
}

// The text of the first block fenced as ```language in the README.
std::string block(const std::string& language) {
  const std::string readme = read("README.md");
  const std::string fence = "```" + language + "\n";
  const auto begin = readme.find(fence);
  EXPECT_NE(begin, std::string::npos) << "README.md has no block of " << language;
  if (begin == std::string::npos) return "";
  const auto start = begin + fence.size();
  return readme.substr(start, readme.find("```", start) - start);
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string output;
  std::array<char, 4096> buffer;
  while (fgets(buffer.data(), buffer.size(), pipe.get()) != nullptr) output += buffer.data();
  return output;
}

// What differs from run to run: numbers, and so how often and how long it was tried; and which of
// the library's functions a sleeping thread is in.
std::string normalized(std::string text) {
  text = std::regex_replace(text, std::regex("WEFT_SEED=\\d+"), "WEFT_SEED=N");
  text = std::regex_replace(text, std::regex("\\d+(\\.\\d+)?"), "N");
  text = std::regex_replace(text, std::regex("\\((plain|yield|sleep|spin|pin)[^)]*\\)"), "(MODE)");
  return text;
}

TEST(Readme, ShowsTheProgramThatIsTested) {
  const std::string source = read("stress/readme/bank_test.cc");
  EXPECT_EQ(block("cpp"), source);
}

TEST(Readme, ShowsTheOutputThatTheProgramPrints) {
  const std::string output = normalized(output_of("stress/readme/bank_test 2>&1"));
  const std::string shown = normalized(block("text"));
  ASSERT_FALSE(shown.empty());
  std::string line;
  for (std::istringstream lines(shown); std::getline(lines, line);) {
    if (line == "...") continue;
    EXPECT_NE(output.find(line + "\n"), std::string::npos)
        << "the README shows a line that was not printed:\n  " << line << "\nprinted:\n"
        << output;
  }
}

}  // namespace
}  // namespace weft
