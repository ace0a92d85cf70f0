// The table of docs/specimens.md against the specimens that there are.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "scenarios/specimens/all.h"

namespace weft {
namespace {

struct Row {
  int number;
  std::string specimens;  // the last column
};

std::vector<Row> rows_of_document() {
  std::ifstream file("docs/specimens.md");
  EXPECT_TRUE(file) << "docs/specimens.md is not among this test's data";
  static const std::regex row(R"(\| (\d+) \|.*\| ([^|]+) \|)");
  std::vector<Row> rows;
  std::smatch match;
  for (std::string line; std::getline(file, line);) {
    if (std::regex_match(line, match, row)) rows.push_back({std::stoi(match[1]), match[2]});
  }
  return rows;
}

std::vector<std::string> names_in(const std::string& text) {
  static const std::regex quoted("`([^`]+)`");
  std::vector<std::string> names;
  for (std::sregex_iterator name(text.begin(), text.end(), quoted), end; name != end; ++name) {
    names.push_back((*name)[1]);
  }
  return names;
}

std::set<std::string> classic_names() {
  std::set<std::string> names;
  for (const auto* each : scenarios::classic_specimens()) names.emplace(each->name);
  return names;
}

std::set<std::string> control_names() {
  std::set<std::string> names;
  for (const auto* each : scenarios::all_specimens()) names.emplace(each->name);
  return names;
}

TEST(Catalogue, NumbersTheBugsFromOneOn) {
  int next = 1;
  for (const Row& row : rows_of_document()) EXPECT_EQ(row.number, next++);
  EXPECT_EQ(next - 1, 62);
}

TEST(Catalogue, NamesSpecimensThatExist) {
  const auto classics = classic_names(), controls = control_names();
  for (const Row& row : rows_of_document()) {
    for (const std::string& name : names_in(row.specimens)) {
      EXPECT_TRUE(classics.contains(name) || controls.contains(name)) << row.number << ": " << name;
    }
  }
}

TEST(Catalogue, SaysWhyABugHasNoSpecimen) {
  for (const Row& row : rows_of_document()) {
    if (!names_in(row.specimens).empty()) continue;
    EXPECT_EQ(row.specimens.substr(0, 6), "none: ") << row.number << ": " << row.specimens;
  }
}

TEST(Catalogue, HasEveryClassicBugOnce) {
  std::multiset<std::string> named;
  for (const Row& row : rows_of_document()) {
    for (std::string& name : names_in(row.specimens)) named.insert(std::move(name));
  }
  for (const std::string& name : classic_names()) EXPECT_EQ(named.count(name), 1u) << name;
}

TEST(Catalogue, HasClassicBugsEnough) { EXPECT_GE(classic_names().size(), 40u); }

TEST(Catalogue, TellsSpecimensApartByTheirNames) {
  auto names = control_names();
  names.merge(classic_names());
  EXPECT_EQ(names.size(),
            scenarios::all_specimens().size() + scenarios::classic_specimens().size());
}

}  // namespace
}  // namespace weft
