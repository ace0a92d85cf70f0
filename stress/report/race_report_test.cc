// What is told of a data race and of a use after free: both accesses, and what is missing.
#include <gtest/gtest.h>

#include <string>

#include "stress/report/failing_cases.h"
#include "stress/report/table.h"

namespace weft::report {
namespace {

Finding found(const std::string& name) { return finding_of(run_case(name), name); }

// "racy_cases.cc:18" of the innermost frame there.
bool is_in_the_case(const MemoryAccess& access, const Finding& finding) {
  for (unsigned frame : access.stack) {
    if (finding.frames[frame].file.ends_with("racy_cases.cc")) return true;
  }
  return false;
}

TEST(RaceReport, OfARelaxedFlagSaysWhichOrdersAreMissing) {
  const Finding finding = found("RelaxedFlag");
  EXPECT_EQ(finding.kind, "data race");
  EXPECT_NE(finding.sentence.find("left writes 4 bytes of 'number', right reads 4 bytes of "
                                  "'number', and nothing orders the two: right's load of 'flag'"),
            std::string::npos)
      << finding.sentence;
  EXPECT_NE(finding.sentence.find("the store is relaxed and does not release, and the load is "
                                  "relaxed and does not acquire"),
            std::string::npos)
      << finding.sentence;
  ASSERT_EQ(finding.accesses.size(), 2u);
  EXPECT_EQ(finding.accesses[0].operation, "write");
  EXPECT_EQ(finding.accesses[1].operation, "read");
  EXPECT_LT(finding.accesses[0].step, finding.accesses[1].step);
  for (const MemoryAccess& access : finding.accesses) {
    EXPECT_TRUE(is_in_the_case(access, finding)) << table_of(finding);
    EXPECT_EQ(access.size, 4u);
    EXPECT_EQ(access.object, finding.accesses[0].object);
  }
}

TEST(RaceReport, OfTwoLocksSaysWhoHeldWhich) {
  const Finding finding = found("LocksApart");
  EXPECT_EQ(finding.kind, "data race");
  ASSERT_EQ(finding.accesses.size(), 2u);
  ASSERT_TRUE(finding.accesses[1].object);
  const Object& object = finding.objects[*finding.accesses[1].object];
  EXPECT_NE(object.name.find("shared_number"), std::string::npos) << object.name;
  EXPECT_EQ(object.memory, "global");
  EXPECT_NE(finding.sentence.find("holds mutex 1"), std::string::npos) << finding.sentence;
  EXPECT_NE(finding.sentence.find("holds mutex 2"), std::string::npos) << finding.sentence;
}

TEST(RaceReport, OfAUseAfterFreeNamesWhoFreedTheBlock) {
  const std::string name = "FreedTooEarly";
  const Finding finding = found(name);
  ASSERT_EQ(finding.accesses.size(), 2u) << finding.sentence;
  // Either way round: the load comes before what nothing orders with it, or after.
  const bool is_after = finding.kind == "use after free";
  EXPECT_TRUE(is_after || finding.kind == "data race") << finding.kind;
  const MemoryAccess& freed = finding.accesses[is_after ? 0 : 1];
  EXPECT_EQ(freed.operation, "free");
  EXPECT_EQ(freed.block, 16u);  // what the heap makes of 8
  EXPECT_NE(finding.sentence.find(is_after ? "which right has freed" : "right frees a block"),
            std::string::npos)
      << finding.sentence;
  EXPECT_TRUE(is_in_the_case(freed, finding)) << table_of(finding);
}

TEST(RaceReport, IsTheSameInEveryProcess) {
  Finding one = found("RelaxedFlag");
  const Finding other = found("RelaxedFlag");
  one.seconds = other.seconds;
  EXPECT_TRUE(one == other);
}

}  // namespace
}  // namespace weft::report
