// The programs that docs/writing-a-test.md shows are the ones compiled and run here.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace {

std::string content_of(const std::string& file) {
  std::ifstream stream(file);
  EXPECT_TRUE(stream) << file << " is not among this test's data";
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(Document, ShowsTheProgramsThatAreTested) {
  const std::string document = content_of("docs/writing-a-test.md");
  for (const char* file : {"stress/example/first_test.cc", "stress/example/control_test.cc",
                           "stress/example/linearizable_test.cc"}) {
    const std::string program = content_of(file);
    ASSERT_FALSE(program.empty());
    EXPECT_NE(document.find("```cpp\n" + program + "```\n"), document.npos)
        << "docs/writing-a-test.md does not show " << file << " as it is";
  }
}

}  // namespace
