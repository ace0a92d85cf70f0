#include "benchmarks/tour/options.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

namespace weft::tour {
namespace {

TourOptions parsed(const std::vector<const char*>& arguments) { return parse(arguments); }

std::string complaint(const std::vector<const char*>& arguments) {
  try {
    parse(arguments);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(TourOptions, NothingMeansEverything) {
  const TourOptions options = parsed({});
  for (const std::string_view part : kParts) EXPECT_TRUE(options.wants(part)) << part;
  EXPECT_TRUE(options.json.empty());
  EXPECT_TRUE(options.html.empty());
}

TEST(TourOptions, AValueMayFollowOrBeJoined) {
  EXPECT_EQ(parsed({"--json", "a.json"}).json, "a.json");
  EXPECT_EQ(parsed({"--json=a=b.json"}).json, "a=b.json");
  EXPECT_EQ(parsed({"--seconds", "0.5"}).seconds, 0.5);
}

TEST(TourOptions, OnlySomeParts) {
  const TourOptions options = parsed({"--only=pool,checks"});
  EXPECT_TRUE(options.wants("pool"));
  EXPECT_TRUE(options.wants("checks"));
  EXPECT_FALSE(options.wants("scenarios"));
  EXPECT_FALSE(options.wants("specimens"));
}

TEST(TourOptions, OnlySomeRows) {
  const TourOptions options = parsed({"--row", "b", "--row=d", "--row", "x"});
  EXPECT_EQ(options.wanted({"a", "b", "c", "d"}), (std::vector<std::string>{"b", "d"}));
  EXPECT_EQ(parsed({}).wanted({"a", "b"}), (std::vector<std::string>{"a", "b"}));
}

TEST(TourOptions, WhatIsWrongIsNamed) {
  EXPECT_NE(complaint({"--jsno", "x"}).find("\"--jsno\""), std::string::npos);
  EXPECT_NE(complaint({"file.json"}).find("\"file.json\""), std::string::npos);
  EXPECT_NE(complaint({"--json"}).find("--json needs a value"), std::string::npos);
  EXPECT_NE(complaint({"--json="}).find("--json needs a value"), std::string::npos);
  EXPECT_NE(complaint({"--only", "pools"}).find("\"pools\""), std::string::npos);
  EXPECT_NE(complaint({"--only", "pool,"}).find("\"\""), std::string::npos);
  for (const char* seconds : {"0", "-1", "ten", "1e9", "nan", "1s", " 1"}) {
    EXPECT_NE(complaint({"--seconds", seconds}).find("--seconds takes"), std::string::npos)
        << seconds;
  }
}

TEST(TourOptions, ARelativeFileIsWhereTheUserStands) {
  setenv("BUILD_WORKING_DIRECTORY", "/home/somebody", 1);
  EXPECT_EQ(where_the_user_meant("a/b.json"), "/home/somebody/a/b.json");
  EXPECT_EQ(where_the_user_meant("/tmp/b.json"), "/tmp/b.json");
  EXPECT_EQ(where_the_user_meant(""), "");
  unsetenv("BUILD_WORKING_DIRECTORY");
  EXPECT_EQ(where_the_user_meant("a/b.json"), "a/b.json");
}

TEST(TourOptions, TheUsageNamesEveryOption) {
  for (const char* option : {"--json", "--html", "--seconds", "--only", "--row", "--list"}) {
    EXPECT_NE(usage().find(option), std::string::npos) << option;
  }
}

}  // namespace
}  // namespace weft::tour
