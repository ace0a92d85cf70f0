// The list of all specimens, which other programs show, against the tests of this folder.
#include "scenarios/specimens/all.h"

#include <cstdlib>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace weft {
namespace {

using scenarios::all_specimens;

TEST(AllSpecimens, HaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (const auto* specimen : all_specimens()) {
    EXPECT_TRUE(names.insert(specimen->name).second) << specimen->name << " is there twice";
  }
}

TEST(AllSpecimens, AreInFoldersThatAreTested) {
  const char* const tested = std::getenv("TESTED_FOLDERS");
  ASSERT_NE(tested, nullptr) << "run it by bazel test: its BUILD file says what is tested";
  std::istringstream words(tested);
  std::set<std::string> folders_tested, folders;
  for (std::string folder; words >> folder;) folders_tested.insert(folder);
  for (const auto* specimen : all_specimens()) {
    folders.emplace(specimen->name.substr(0, specimen->name.find('/')));
  }
  EXPECT_EQ(folders, folders_tested);
}

}  // namespace
}  // namespace weft
