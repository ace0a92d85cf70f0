#include "stress/cli/arguments.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace weft::cli {
namespace {

using Words = std::vector<std::string>;

TEST(Arguments, FilesOptionsAndTheProgramsOwnAreToldApart) {
  const Arguments arguments =
      arguments_from({"check", "a.c", "--seconds=2.5", "b.cc", "--jobs", "3", "--strict", "--copt",
                      "-DX", "--weft_patient=1", "--", "--jobs", "x y"});
  EXPECT_EQ(arguments.command, Command::kCheck);
  EXPECT_EQ(arguments.files, (Words{"a.c", "b.cc"}));
  EXPECT_EQ(arguments.program_arguments, (Words{"--jobs", "x y"}));
  EXPECT_EQ(arguments.compiler_options, (Words{"-DX"}));
  EXPECT_EQ(arguments.explorer_flags, (Words{"--weft_patient=1"}));
  EXPECT_EQ(arguments.seconds, "2.5");
  EXPECT_EQ(arguments.workers, 3u);
  EXPECT_TRUE(arguments.strict);
  EXPECT_FALSE(arguments.output);
  EXPECT_FALSE(arguments.executions);
}

TEST(Arguments, WrongOnesAreRefused) {
  const Words cases[] = {
      {},
      {"check"},
      {"look", "a.c"},
      {"check", "a.c", "--seconds"},
      {"check", "a.c", "--seconds", "0"},
      {"check", "a.c", "--executions", "-1"},
      {"check", "a.c", "--seed", "0x7"},
      {"check", "a.c", "--jobs", "2000"},
      {"check", "a.c", "--replay", "w1-1--0", "--jobs", "2"},
      {"check", "a.c", "--weft_campaign=/tmp"},
  };
  for (const Words& words : cases) EXPECT_THROW(arguments_from(words), UsageError);
}

TEST(Arguments, WorkersHaveTheNameThatTestsKnowAndTheShellsOwn) {
  for (const char* name : {"--workers", "--jobs", "--weft_workers"}) {
    EXPECT_EQ(arguments_from({"check", "a.c", name, "4"}).workers, 4u) << name;
    EXPECT_EQ(arguments_from({"check", "a.c", std::string(name) + "=4"}).workers, 4u) << name;
    EXPECT_THROW(arguments_from({"check", "a.c", name, "0"}), UsageError) << name;
  }
}

class Environment : public testing::Test {
 protected:
  void TearDown() override {
    unsetenv("WEFT_WORKERS");
    unsetenv("WEFT_CAMPAIGN");
  }

  static unsigned workers(const Words& words) {
    Arguments arguments = arguments_from(words);
    take_environment(arguments);
    return arguments.workers;
  }
};

TEST_F(Environment, SaysHowManyWorkersUnlessTheArgumentsDo) {
  EXPECT_EQ(workers({"check", "a.c"}), 1u);
  setenv("WEFT_WORKERS", "3", 1);
  EXPECT_EQ(workers({"check", "a.c"}), 3u);
  EXPECT_EQ(workers({"check", "a.c", "--workers", "2"}), 2u);
  EXPECT_EQ(workers({"check", "a.c", "--replay", "w1-1--0"}), 1u);
  setenv("WEFT_WORKERS", "many", 1);
  EXPECT_THROW(workers({"check", "a.c"}), UsageError);
}

TEST_F(Environment, AsksForACampaignInVain) {
  setenv("WEFT_CAMPAIGN", "none", 1);
  EXPECT_EQ(workers({"check", "a.c"}), 1u);
  setenv("WEFT_CAMPAIGN", "/tmp", 1);
  EXPECT_THROW(workers({"check", "a.c"}), UsageError);
}

TEST(Arguments, HelpNeedsNoFile) {
  EXPECT_EQ(arguments_from({"check", "--help"}).command, Command::kHelpOfCheck);
  EXPECT_EQ(arguments_from({"--help"}).command, Command::kHelp);
}

TEST(Quoted, ShellReadsOneWord) {
  EXPECT_EQ(quoted("a.c"), "a.c");
  EXPECT_EQ(quoted(""), "''");
  EXPECT_EQ(quoted("a b"), "'a b'");
  EXPECT_EQ(quoted("it's"), "'it'\\''s'");
}

}  // namespace
}  // namespace weft::cli
