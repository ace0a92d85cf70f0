#include "stress/report/html.h"

#include <gtest/gtest.h>

namespace weft::report {
namespace {

TEST(Html, ShowsWhatItDoesNotLetThrough) {
  EXPECT_EQ(html("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&#39;");
  EXPECT_EQ(html("a\n-"), "a\xE2\x90\x8A-");
  EXPECT_EQ(html_lines("a\nb\r"), "a\nb\xE2\x90\x8D");
  EXPECT_EQ(html("\x7f"), "\xE2\x90\xA1");
  EXPECT_EQ(html("\xff"), "\xEF\xBF\xBD");
  EXPECT_EQ(html("\xC2\x85\xE2\x80\xAE"), "[U+0085][U+202E]");
  EXPECT_EQ(html("\xC3\xA4\xE2\x82\xAC\xF0\x9F\xA7\xB5"), "\xC3\xA4\xE2\x82\xAC\xF0\x9F\xA7\xB5");
}

}  // namespace
}  // namespace weft::report
