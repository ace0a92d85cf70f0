// The tour as a user runs it: its rows, its files, its exit code, its complaints.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "stress/report/json_reader.h"

namespace weft::tour {
namespace {

using report::Json;
using report::read_json;

struct Ended {
  int exit_code;
  std::string output;  // both streams
};

std::string read_all(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// `before` stands in front of the command: variables of its environment.
Ended run_tour(const std::string& arguments, const std::string& before = "") {
  const std::string log = testing::TempDir() + "/tour.log";
  const std::string command =
      before + " " + std::getenv("WEFT_TOUR") + " " + arguments + " > " + log + " 2>&1";
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_all(log)};
}

// The names that --list says, of one part.
std::vector<std::string> listed(const std::string& part) {
  std::istringstream lines(run_tour("--list --only " + part).output);
  std::vector<std::string> names;
  for (std::string line; std::getline(lines, line);) names.push_back(line.substr(part.size() + 2));
  return names;
}

std::vector<std::string> names_of_rows(const Json& part, const std::string& column) {
  std::vector<std::string> names;
  for (const Json& row : part.at("rows").array()) names.push_back(row.at(column).text());
  return names;
}

// One run for all cases that look at its files.
class WholeTour : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new std::string(testing::TempDir() + "/whole");
    ended_ =
        new Ended(run_tour("--seconds 3 --json tour.json --html tour.html",
                           "mkdir -p " + *folder_ + " && BUILD_WORKING_DIRECTORY=" + *folder_));
  }
  static void TearDownTestSuite() {
    delete folder_;
    delete ended_;
  }
  static Json json() { return read_json(read_all(*folder_ + "/tour.json")); }
  static std::string page() { return read_all(*folder_ + "/tour.html"); }

  inline static std::string* folder_ = nullptr;
  inline static Ended* ended_ = nullptr;
};

TEST_F(WholeTour, EverythingIsAsExpected) {
  EXPECT_EQ(ended_->exit_code, 0) << ended_->output;
  EXPECT_TRUE(json().at("as_expected").boolean());
}

TEST_F(WholeTour, EveryListedRowIsInTheJson) {
  const char* columns[][2] = {
      {"scenarios", "target"}, {"checks", "name"}, {"specimens", "name"}, {"pool", "workload"}};
  const Json whole = json();
  const report::JsonArray& parts = whole.at("parts").array();
  ASSERT_EQ(parts.size(), std::size(columns));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto& [key, column] = columns[i];
    EXPECT_EQ(parts[i].at("key").text(), key);
    const std::vector<std::string> names = listed(key);
    EXPECT_GT(names.size(), 2u) << key;
    EXPECT_EQ(names_of_rows(parts[i], column), names);
    EXPECT_EQ(parts[i].at("total").number(), static_cast<double>(names.size()));
  }
}

TEST_F(WholeTour, EverySpecimenIsCaughtInATryAndSaysHow) {
  const Json whole = json();
  for (const Json& row : whole.at("parts").array().at(2).at("rows").array()) {
    EXPECT_GE(row.at("tries").number(), 1) << row.at("name").text();
    EXPECT_NE(row.at("details").text(), "") << row.at("name").text();
  }
}

TEST_F(WholeTour, NoCheckIsSaidToHold) {
  const Json whole = json();
  for (const Json& row : whole.at("parts").array().at(1).at("rows").array()) {
    EXPECT_EQ(row.at("verdict").text(), "undecided") << row.at("name").text();
    EXPECT_GE(row.at("executions").number(), 1) << row.at("name").text();
  }
}

TEST_F(WholeTour, ThePageIsWholeAndNamesEverySpecimen) {
  const std::string html = page();
  EXPECT_EQ(html.rfind("</html>\n"), html.size() - 8);
  for (const std::string& name : listed("specimens")) {
    EXPECT_NE(html.find(name), html.npos) << name;
  }
}

TEST_F(WholeTour, EndsWithATableOfItsParts) {
  const auto table = ended_->output.find("The tour in a table");
  ASSERT_NE(table, std::string::npos);
  for (const char* title : {"Scenarios", "Checks", "Specimens", "Pool"}) {
    EXPECT_NE(ended_->output.find(title, table), std::string::npos) << title;
  }
  EXPECT_EQ(ended_->output.find('\r'), std::string::npos) << "a log is no terminal";
}

TEST(TourCommand, OneRowAloneCanBeRun) {
  const std::string name = listed("specimens").front();
  const Ended ended = run_tour("--row " + name);
  EXPECT_EQ(ended.exit_code, 0) << ended.output;
  EXPECT_NE(ended.output.find("Specimens (1)"), std::string::npos);
  EXPECT_EQ(ended.output.find("Checks ("), std::string::npos);
}

TEST(TourCommand, ARowThatIsNotThereIsRefused) {
  const Ended ended = run_tour("--row no/such_row");
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.output.find("--list says the names"), std::string::npos);
}

TEST(TourCommand, NamesOfRowsDiffer) {
  std::istringstream lines(run_tour("--list").output);
  std::set<std::string> names;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(names.insert(line.substr(line.find(": ") + 2)).second) << line;
  }
  EXPECT_GT(names.size(), 10u);
}

TEST(TourCommand, AnUnknownOptionIsRefusedBeforeAnythingRuns) {
  const Ended ended = run_tour("--frobnicate");
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.output.find("\"--frobnicate\" is no option of the tour"), std::string::npos);
  EXPECT_NE(ended.output.find("--json FILE"), std::string::npos);
}

TEST(TourCommand, AFileThatCannotBeWrittenIsRefusedBeforeAnythingRuns) {
  const Ended ended = run_tour("--only pool --html /nowhere/at/all.html");
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.output.find("--html: cannot write /nowhere/at/all.html"), std::string::npos);
  EXPECT_EQ(ended.output.find("weft::ThreadPool"), std::string::npos);
}

TEST(TourCommand, AFullDiskIsNotTakenForSuccess) {
  const Ended ended = run_tour("--only pool --json /dev/full");
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.output.find("cannot write /dev/full"), std::string::npos);
}

}  // namespace
}  // namespace weft::tour
