#include "stress/early_xml.h"

#include <fstream>
#include <string_view>

namespace weft::internal {
namespace {

std::string testcase(const testing::TestInfo& test, const std::string& inside) {
  return "    <testcase name=\"" + xml_escaped(test.name()) + "\" classname=\"" +
         xml_escaped(test.test_suite_name()) + "\">" + inside + "</testcase>\n";
}

}  // namespace

std::string xml_escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '&':
        result += "&amp;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\n':
        result += "&#10;";
        break;
      default:
        // XML has no way to write the other control characters.
        result += static_cast<unsigned char>(c) < ' ' ? '?' : c;
    }
  }
  return result;
}

void EarlyXml::OnTestStart(const testing::TestInfo& test) {
  write(testcase(test,
                 "<error message=\"the program ended in the middle of this test: see its log\"/>"));
}

void EarlyXml::OnTestEnd(const testing::TestInfo& test) {
  const testing::TestResult& result = *test.result();
  std::string inside;
  for (int i = 0; i < result.test_property_count(); ++i) {
    const testing::TestProperty& property = result.GetTestProperty(i);
    inside += "<property name=\"" + xml_escaped(property.key()) + "\" value=\"" +
              xml_escaped(property.value()) + "\"/>";
  }
  if (!inside.empty()) inside = "<properties>" + inside + "</properties>";
  for (int i = 0; i < result.total_part_count(); ++i) {
    const testing::TestPartResult& part = result.GetTestPartResult(i);
    if (part.failed()) inside += "<failure message=\"" + xml_escaped(part.message()) + "\"/>";
  }
  ++tests_;
  if (result.Failed()) ++failures_;
  ended_ += testcase(test, inside);
}

void EarlyXml::write(const std::string& running) const {
  const std::string counts = "tests=\"" + std::to_string(tests_ + 1) + "\" failures=\"" +
                             std::to_string(failures_) + "\" errors=\"1\"";
  std::ofstream(file_) << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites " << counts
                       << ">\n  <testsuite name=\"interrupted\" " << counts << ">\n"
                       << ended_ << running << "  </testsuite>\n</testsuites>\n";
}

}  // namespace weft::internal
