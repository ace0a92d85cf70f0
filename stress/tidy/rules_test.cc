// Each rule has a case that must fail and one that must pass.
#include "stress/tidy/rules.h"

#include <gtest/gtest.h>

namespace weft::tidy {
namespace {

File source(const std::string& text) { return {"room/file.cc", text}; }

TEST(OrderRule, FindsARelaxedWithoutAReason) {
  const auto findings =
      check_orders(source("int f() {\n  return x.load(std::memory_order_relaxed);\n}\n"));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(to_string(findings[0]),
            "room/file.cc:2: [order] say in a comment above why relaxed is enough");
}

TEST(OrderRule, FindsAnAcquireWhoseReasonNamesNoPartner) {
  EXPECT_EQ(
      check_orders(source("// acquire: it is needed\nx.load(std::memory_order_acquire);\n")).size(),
      1u);
}

TEST(OrderRule, FindsAnOrderWhoseCommentIsAboutAnother) {
  EXPECT_EQ(check_orders(source("// release: pairs with load()\nvoid a();\n\n\n"
                                "x.store(1, std::memory_order::acq_rel);\n"))
                .size(),
            1u);
}

TEST(OrderRule, AcceptsAReasonWithItsPartner) {
  EXPECT_TRUE(check_orders(source("// release: pairs with the acquire in load_head().\n"
                                  "bool publish() {\n"
                                  "  return x.exchange(1, std::memory_order_release);\n}\n"))
                  .empty());
}

TEST(OrderRule, AcceptsOneReasonForAFileThatIsRelaxedThroughout) {
  const std::string text = "// relaxed throughout: counters that order nothing\n";
  EXPECT_TRUE(check_orders(source(text + "x.load(std::memory_order_relaxed);\n")).empty());
  EXPECT_EQ(check_orders(source(text + "x.load(std::memory_order_acquire);\n")).size(), 1u);
}

TEST(OrderRule, AcceptsAWaiverWithAReason) {
  EXPECT_TRUE(check_orders(source("// tidy-allow(order): the specimen's very mistake\n"
                                  "x.load(std::memory_order_relaxed);\n"))
                  .empty());
}

TEST(OrderRule, RefusesAWaiverWithoutAReason) {
  EXPECT_EQ(check_orders(source("// tidy-allow(order): because\n"
                                "x.load(std::memory_order_acquire);\n"))
                .size(),
            1u);
}

TEST(SleepRule, FindsASleep) {
  EXPECT_EQ(check_sleeps(source("std::this_thread::sleep_for(1ms);\n")).size(), 1u);
  EXPECT_EQ(check_sleeps(source("usleep(10);\n")).size(), 1u);
}

TEST(SleepRule, AcceptsTheWordInACommentAndInOtherNames) {
  EXPECT_TRUE(
      check_sleeps(source("// sleep_for(1ms) would be wrong\nsleep_until_finished(d);\n")).empty());
}

TEST(RandomRule, FindsUnseededRandomness) {
  EXPECT_EQ(check_randomness(source("std::mt19937 g{std::random_device{}()};\n")).size(), 1u);
  EXPECT_EQ(check_randomness(source("int x = rand();\n")).size(), 1u);
}

TEST(RandomRule, AcceptsASeededGenerator) {
  EXPECT_TRUE(check_randomness(source("std::mt19937_64 g(seed);\n")).empty());
}

TEST(LengthRule, FindsALongHeaderAndALongSource) {
  const auto lines = [](int n) {
    std::string text;
    for (int i = 0; i < n; ++i) text += "int x;\n";
    return text;
  };
  EXPECT_EQ(check_length({"a.h", lines(301)}).size(), 1u);
  EXPECT_TRUE(check_length({"a.h", lines(300)}).empty());
  EXPECT_EQ(check_length({"a.cc", lines(401)}).size(), 1u);
  EXPECT_TRUE(check_length({"a.cc", lines(400)}).empty());
  EXPECT_TRUE(
      check_length({"a.h", "// tidy-allow(length): one table that belongs together\n" + lines(301)})
          .empty());
}

TEST(FlakyRule, FindsAFlakyTarget) {
  EXPECT_EQ(
      check_flaky({"BUILD.bazel", "cc_test(\n    name = \"x\",\n    flaky = True,\n)\n"}).size(),
      1u);
  EXPECT_TRUE(check_flaky({"BUILD.bazel", "cc_test(name = \"x\")\n"}).empty());
}

TEST(VisibilityRule, FindsABuildFileThatSetsNoGroup) {
  const auto findings = check_visibility({"stress/x/BUILD.bazel", "cc_test(name = \"x\")\n"});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(to_string(findings[0]),
            "stress/x/BUILD.bazel:0: [visibility] set the room's group: "
            "package(default_visibility = [\"//:may_use_stress\"])");
}

TEST(VisibilityRule, FindsAGroupThatIsNotTheRoomsOrNotAlone) {
  for (const char* groups :
       {"\"//:may_use_primitives\"", "\"//visibility:public\"", "",
        "\"//:may_use_stress\", \"//:may_use_primitives\"", "\"//:may_use_stress_too\""}) {
    EXPECT_EQ(check_visibility({"stress/BUILD.bazel",
                                "package(default_visibility = [" + std::string(groups) + "])\n"})
                  .size(),
              1u)
        << groups;
  }
}

TEST(VisibilityRule, FindsAGroupThatOnlyACommentOrATargetSets) {
  EXPECT_EQ(check_visibility(
                {"stress/BUILD.bazel", "# package(default_visibility = [\"//:may_use_stress\"])\n"})
                .size(),
            1u);
  EXPECT_EQ(check_visibility({"stress/BUILD.bazel",
                              "package(features = [])\n"
                              "cc_test(default_visibility = [\"//:may_use_stress\"])\n"})
                .size(),
            1u);
}

TEST(VisibilityRule, AcceptsTheRoomsOwnGroup) {
  EXPECT_TRUE(check_visibility({"stress/x/BUILD.bazel",
                                "package(default_visibility = [\"//:may_use_stress\"])\n"})
                  .empty());
  EXPECT_TRUE(check_visibility({"benchmarks/BUILD.bazel",
                                "package(\n    default_visibility = "
                                "[\"//:may_use_benchmarks\"],  # why\n    features = [],\n)\n"})
                  .empty());
}

TEST(TestNameRule, FindsANumberedTest) {
  EXPECT_EQ(check_test_names(source("TEST(Queue, Stress2) {}\n")).size(), 1u);
  EXPECT_TRUE(check_test_names(source("TEST(Queue, NoItemIsTakenTwice) {}\n")).empty());
}

TEST(UnnamedSourceRule, FindsASourceThatNoTargetNames) {
  EXPECT_EQ(
      check_named(source(""), "file.cc", "cc_library(name = \"other\", srcs = [\"other.cc\"])")
          .size(),
      1u);
}

TEST(UnnamedSourceRule, AcceptsASourceNamedByItselfOrByAMacro) {
  EXPECT_TRUE(check_named(source(""), "file.cc", "cc_library(srcs = [\"file.cc\"])").empty());
  EXPECT_TRUE(check_named(source(""), "file.cc", "scenario(\n    name = \"file\",\n)").empty());
}

}  // namespace
}  // namespace weft::tidy
