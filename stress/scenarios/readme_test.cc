// scenarios/README.md says of every row of the documents what stands for it; here it is held
// against the tables of the code.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/all.h"
#include "scenarios/specimens/all.h"

namespace weft::scenarios {
namespace {

// The columns of the README's table.
enum Column { kRow, kDocument, kTarget, kProperty, kControls, kModes, kColumns };

using Cells = std::vector<std::string>;

std::string trimmed(const std::string& text) {
  const auto from = text.find_first_not_of(' ');
  return from == text.npos ? "" : text.substr(from, text.find_last_not_of(' ') - from + 1);
}

// The lines of the table that begin with a row of the documents.
std::vector<Cells> table() {
  std::ifstream stream("scenarios/README.md");
  EXPECT_TRUE(stream.good()) << "cannot read scenarios/README.md";
  std::vector<Cells> rows;
  for (std::string line; std::getline(stream, line);) {
    if (!std::regex_search(line, std::regex(R"(^\| \d\d\d-)"))) continue;
    Cells cells;
    for (std::size_t from = 1, end; (end = line.find('|', from)) != line.npos; from = end + 1) {
      cells.push_back(trimmed(line.substr(from, end - from)));
    }
    EXPECT_EQ(cells.size(), kColumns) << line;
    if (cells.size() == kColumns) rows.push_back(cells);
  }
  return rows;
}

TEST(Table, HasEveryRowOnceInOrder) {
  const auto rows = table();
  EXPECT_EQ(rows.size(), kRows);
  std::vector<std::string> names;
  for (const Cells& cells : rows) names.push_back(cells[kRow]);
  EXPECT_EQ(std::set(names.begin(), names.end()).size(), names.size());
  // 001-10 after 001-9.
  const auto key = [](const std::string& name) {
    const std::string after = name.substr(4);
    return std::tuple(name.substr(0, 3), std::stoi(after), after);
  };
  EXPECT_TRUE(std::ranges::is_sorted(names, {}, key));
}

TEST(Table, NamesTheDocumentOfEachRow) {
  const std::map<std::string, std::string> titles = {
      {"000", "Chapter 12: Concurrency"},     {"001", "Concurrency (notes)"},
      {"002", "Simple concurrency examples"}, {"003", "Process, philosophers, ping-pong"},
      {"004", "Cookbook, chapter 12"},
  };
  for (const Cells& cells : table()) {
    EXPECT_EQ(cells[kDocument], titles.at(cells[kRow].substr(0, 3))) << cells[kRow];
  }
}

TEST(Table, NamesTheTargetOfEachScenarioAndNoOther) {
  std::map<std::string, std::string> targets;
  for (const Scenario* scenario : all_scenarios()) {
    std::string& named = targets[std::string(scenario->row)];
    named += (named.empty() ? "`" : ", `") + std::string(scenario->target) + "`";
  }
  for (const Cells& cells : table()) {
    const auto found = targets.find(cells[kRow]);
    if (found == targets.end()) {
      EXPECT_TRUE(cells[kTarget].starts_with("not yet: ")) << cells[kRow] << ": " << cells[kTarget];
      continue;
    }
    EXPECT_EQ(cells[kTarget], found->second) << cells[kRow];
    EXPECT_FALSE(cells[kProperty].empty()) << cells[kRow];
    EXPECT_FALSE(cells[kModes].empty()) << cells[kRow];
    targets.erase(found);
  }
  for (const auto& [row, target] : targets)
    ADD_FAILURE() << row << " is not in the table: " << target;
}

TEST(Table, HasAScenarioForEveryRow) {
  std::set<std::string_view> rows;
  for (const Scenario* scenario : all_scenarios()) rows.insert(scenario->row);
  EXPECT_EQ(rows.size(), kRows);
}

TEST(Table, HasEveryTargetOnce) {
  std::set<std::string_view> targets;
  for (const Scenario* scenario : all_scenarios()) {
    EXPECT_TRUE(targets.insert(scenario->target).second) << scenario->target;
  }
}

TEST(Table, NamesTheSpecimensOfEachRow) {
  std::map<std::string, std::set<std::string>> names;
  for (const Specimen* specimen : all_specimens()) {
    names[std::string(specimen->row)].insert(std::string(specimen->name));
  }
  for (const Cells& cells : table()) {
    std::string wanted;
    for (const std::string& name : names[cells[kRow]]) {
      wanted += (wanted.empty() ? "`" : ", `") + name + "`";
    }
    EXPECT_EQ(cells[kControls], wanted.empty() ? "none yet" : wanted) << cells[kRow];
    names.erase(cells[kRow]);
  }
  for (const auto& [row, left] : names) {
    ADD_FAILURE() << "no row " << row << " in the table, for " << *left.begin();
  }
}

}  // namespace
}  // namespace weft::scenarios
