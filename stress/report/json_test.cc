// Text as JSON and back.
#include <gtest/gtest.h>

#include <string>

#include "stress/report/json_reader.h"
#include "stress/report/json_writer.h"
#include "stress/report/utf8.h"

namespace weft::report {
namespace {

constexpr const char* kReplacement = "\xEF\xBF\xBD";

TEST(Utf8, WellFormedTextIsUntouched) {
  const std::string text = "plain, \xC3\xA4, \xE2\x82\xAC, \xF0\x9F\xA7\xB5";
  EXPECT_EQ(valid_utf8(text), text);
}

TEST(Utf8, EachBadByteIsReplaced) {
  const std::string bad[] = {"\xFF", "\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80",
                             "\x80"};
  for (const std::string& each : bad) {
    std::string expected;
    for (std::size_t i = 0; i < each.size(); ++i) expected += kReplacement;
    EXPECT_EQ(valid_utf8(each + "x"), expected + "x");
  }
}

TEST(Json, AnyByteSurvivesAsAString) {
  for (int byte = 0; byte < 0x80; ++byte) {
    const std::string text = std::string("a") + static_cast<char>(byte) + "b";
    EXPECT_EQ(read_json(json_string(text)).text(), text) << byte;
  }
  for (int byte = 0x80; byte < 0x100; ++byte) {
    const std::string text = std::string("a") + static_cast<char>(byte) + "b";
    EXPECT_EQ(read_json(json_string(text)).text(), std::string("a") + kReplacement + "b") << byte;
  }
}

TEST(JsonReader, RefusesWhatIsNoJson) {
  for (const char* bad : {"", "{", "[1,]", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "\"\n\"", "nan", "01",
                          "-", "{\"a\":1,\"a\":2}", "[1] 2", "\"\xFF\""}) {
    EXPECT_THROW(read_json(bad), JsonError) << bad;
  }
}

TEST(JsonReader, TakesEveryEscape) {
  EXPECT_EQ(read_json(R"("\b\f\n\r\t\/\"\\")").text(), "\b\f\n\r\t/\"\\");
  EXPECT_EQ(read_json(R"("\u00e4\u20AC\ud83e\uddf5")").text(),
            "\xC3\xA4\xE2\x82\xAC\xF0\x9F\xA7\xB5");
  for (const char* half : {R"("\ud83e")", R"("\uddf5")", R"("\uddf5\uddf5")", R"("\ud83ex")",
                           R"("\ud83e\u0041")", R"("\u12")", R"("\x")"}) {
    EXPECT_THROW(read_json(half), JsonError) << half;
  }
}

TEST(JsonReader, RefusesToNestForEver) {
  EXPECT_NO_THROW(read_json(std::string(100, '[') + std::string(100, ']')));
  EXPECT_THROW(read_json(std::string(1'000'000, '[')), JsonError);
}

TEST(Json, IntegersKeepAllTheirDigits) {
  EXPECT_EQ(read_json("9007199254740993").integer, 9007199254740993);
  EXPECT_EQ(read_json("-1").integer, -1);
  EXPECT_EQ(read_json("-1").number(), -1);
  for (const char* text : {"1.0", "1e2", "9223372036854775808", "true"}) {
    EXPECT_FALSE(read_json(text).integer) << text;
  }
}

}  // namespace
}  // namespace weft::report
