// What docs/reading-a-failure.md shows of the explorer is what it prints: the program is
// tickets_test.cc, the reports are that test's.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <regex>
#include <string>
#include <vector>

namespace weft {
namespace {

std::string content_of(const std::string& path) {
  std::ifstream stream(path);
  EXPECT_TRUE(stream) << path << " is not among this test's data";
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string output;
  std::array<char, 4096> buffer;
  while (fgets(buffer.data(), buffer.size(), pipe.get()) != nullptr) output += buffer.data();
  return output;
}

// What differs from build to build and from call to call: the schedule's digest with all its line,
// and which execution it was.
std::string normalized(std::string text) {
  text = std::regex_replace(text, std::regex("repeat: [^\n]*"), "repeat: LINE");
  text = std::regex_replace(text, std::regex("controlled: [^\n]*"), "controlled: LINE");
  text = std::regex_replace(text, std::regex("page: [^\n]*"), "page: LINE");
  return std::regex_replace(text, std::regex("execution \\d+ \\([^)]*\\), seed \\d+"), "EXECUTION");
}

// The blocks of the document that show reports: fenced as text.
std::vector<std::string> shown_reports() {
  const std::string document = content_of("docs/reading-a-failure.md");
  std::vector<std::string> reports;
  const std::string fence = "```text\n";
  for (std::size_t at = 0; (at = document.find(fence, at)) != document.npos;) {
    at += fence.size();
    const std::size_t end = document.find("```", at);
    reports.push_back(document.substr(at, end - at));
    at = end;
  }
  return reports;
}

TEST(Document, ShowsTheProgramThatIsTested) {
  const std::string program = content_of("stress/report/tickets_test.cc");
  const std::string test = program.substr(program.find("TEST(Box, SellsATicketOnce)"));
  const std::string first = test.substr(0, test.find("\n\n"));
  EXPECT_NE(content_of("docs/reading-a-failure.md").find("```cpp\n" + first + "\n```\n"),
            std::string::npos)
      << "the document does not show this:\n"
      << first;
}

TEST(Document, ShowsTheReportsThatThisProgramPrints) {
  const std::string output =
      normalized(output_of("WEFT_STRATEGY=exhaustive:2 stress/report/tickets_test_explore 2>&1"));
  const std::vector<std::string> reports = shown_reports();
  ASSERT_EQ(reports.size(), 2u);
  for (const std::string& report : reports) {
    ASSERT_GT(report.size(), 500u);
    EXPECT_NE(output.find(normalized(report)), std::string::npos)
        << "the document shows\n"
        << report << "\nand this was printed:\n"
        << output;
  }
}

}  // namespace
}  // namespace weft
