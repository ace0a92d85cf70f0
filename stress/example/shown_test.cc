// What docs/writing-a-test.md shows as found is what its program finds.
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "stress/example/linearizable_test.cc"

namespace {

TEST(Document, ShowsWhatTheTestOfTheTestFinds) {
  using namespace weft::linearize::words;
  const auto found = weft::linearize::expect_not_linearizable<PeekThenPop, SmallStackModel>(
      "PeekThenPop", operation("push", &PeekThenPop::push, &SmallStackModel::push, gen::unique()),
      operation("pop", &PeekThenPop::pop, &SmallStackModel::pop));
  ASSERT_TRUE(found.history);
  std::ifstream stream("docs/writing-a-test.md");
  const std::string document(std::istreambuf_iterator<char>(stream), {});
  std::istringstream lines(history_text(*found.history));
  std::string indented;
  for (std::string line; std::getline(lines, line);) indented += "    " + line + "\n";
  EXPECT_NE(document.find(indented), document.npos) << indented;
}

}  // namespace
