// The ways in which a main() may begin, end, and talk.
#include <gtest/gtest.h>

#include <string>

#include "stress/program/run_command_for_test.h"

namespace weft::program {
namespace {

constexpr int kGood = 0;
constexpr int kViolated = 10;
constexpr int kNoAnswer = 12;

Ran check(const std::string& words, const std::string& input = "") {
  return run_command("cd '" + folder_of_sources("stress/program/ways") + "' && weft check " + words,
                     input);
}

bool says(const Ran& ran, const std::string& text) {
  return ran.output.find(text) != std::string::npos;
}

TEST(Ends, ExitCodeOfAnyThreadIsThePrograms) {
  const Ran ran = check("exits_in_thread.c");
  EXPECT_EQ(ran.code, kViolated) << ran.output;
  EXPECT_TRUE(says(ran, "exit code 3")) << ran.output;
}

TEST(Ends, QuickExitRunsItsOwnHandlersAlone) {
  const Ran ran = check("quick_exit.c");
  EXPECT_EQ(ran.code, kViolated) << ran.output;
  EXPECT_TRUE(says(ran, "exit code 4")) << ran.output;
  EXPECT_TRUE(says(ran, "quick handler")) << ran.output;
}

TEST(Ends, LeavingAtOnceRunsNothing) {
  const Ran ran = check("leaves_at_once.c");
  EXPECT_EQ(ran.code, kGood) << ran.output;
  EXPECT_TRUE(says(ran, "holds")) << ran.output;
}

TEST(Ends, ProcessMayEndWhileThreadsWork) {
  const Ran ran = check("never_joins.c");
  EXPECT_EQ(ran.code, kGood) << ran.output;
  EXPECT_TRUE(says(ran, "holds")) << ran.output;
}

TEST(Ends, MainThreadCanBeJoinedAfterItHasLeft) {
  const Ran ran = check("joins_main.c");
  EXPECT_EQ(ran.code, kGood) << ran.output;
  EXPECT_TRUE(says(ran, "holds")) << ran.output;
}

TEST(Ends, ConstructorsAndDestructorsAreUnderControl) {
  const Ran ran = check("constructors.cc --executions 300 --output");
  EXPECT_EQ(ran.code, kGood) << ran.output;
  EXPECT_TRUE(says(ran, "handler")) << ran.output;
}

TEST(Ends, UncaughtExceptionIsToldWithItsText) {
  const Ran ran = check("uncaught.cc");
  EXPECT_EQ(ran.code, kViolated) << ran.output;
  EXPECT_TRUE(says(ran, "exception: std::runtime_error: too late left a thread")) << ran.output;
}

TEST(Ends, ExecutionInWhichSomethingWasThrownIsRepeated) {
  const Ran ran = check("throws_late.cc --strategy exhaustive");
  EXPECT_EQ(ran.code, kViolated) << ran.output;
  EXPECT_TRUE(says(ran, "exit code 1")) << ran.output;
  EXPECT_FALSE(says(ran, "gave another execution")) << ran.output;
}

TEST(Ends, KilledExecutionIsAFindingAndNotTheEndOfTheSearch) {
  const Ran ran = check("killed.c");
  EXPECT_EQ(ran.code, kViolated) << ran.output;
  EXPECT_TRUE(says(ran, "the process was ended by SIGKILL")) << ran.output;
}

TEST(Ends, WhatIsNotModelledIsNoVerdict) {
  const Ran ran = check("forks.c");
  EXPECT_EQ(ran.code, kNoAnswer) << ran.output;
  EXPECT_TRUE(says(ran, "no answer: fork()")) << ran.output;
}

TEST(Input, EveryExecutionGetsTheSame) {
  const Ran ran =
      run_command("cd '" + folder_of_sources("stress/program/ways") +
                      "' && OF_THE_CALLER=1 weft check input_and_arguments.cc --executions 20"
                      " --strategy random_walk --output -- 'a b' --seed",
                  "1\n2\n3\n");
  EXPECT_EQ(ran.code, kGood) << ran.output;
  // The first one apart, then those of the search.
  std::size_t count = 0;
  for (std::size_t at = 0; (at = ran.output.find("sum 6\n", at)) != std::string::npos; ++at)
    ++count;
  EXPECT_EQ(count, 21u) << ran.output;
}

// More executions than a process may have open files.
TEST(Input, AFileIsReadFromItsBeginningByEveryExecution) {
  const std::string file = new_folder("file") + "/numbers";
  const Ran ran = run_command(
      "echo '40 2' > '" + file + "' && ulimit -n 200 && cd '" +
      folder_of_sources("stress/program/ways") +
      "' && weft check reads_a_file.c --executions 1000 --strategy random_walk -- '" + file + "'");
  EXPECT_EQ(ran.code, kGood) << ran.output;
  EXPECT_TRUE(says(ran, "1000 executions")) << ran.output;
}

TEST(Input, OfNobodyIsADeadlock) {
  const Ran ran = check("waits_for_input.c");
  EXPECT_EQ(ran.code, kViolated) << ran.output;
  EXPECT_TRUE(says(ran, "main waits for input")) << ran.output;
}

TEST(Output, IsThatOfTheExecutionInTheReportAlone) {
  const Ran ran = check("tells.c");
  EXPECT_EQ(ran.code, kViolated) << ran.output;
  EXPECT_TRUE(says(ran, "main: counted 1")) << ran.output;
}

TEST(Output, WhatViolatesNothingIsToldToo) {
  const Ran ran = check("inverts.c --json -");
  EXPECT_EQ(ran.code, kGood) << ran.output;
  EXPECT_TRUE(says(ran, "inverts.c: holds")) << ran.output;
  EXPECT_TRUE(says(ran, "  also met: lock order inversion: ")) << ran.output;
  EXPECT_TRUE(says(ran, "\"also\": [\"lock order inversion: ")) << ran.output;
}

TEST(Told, AtomicSectionIsOneStep) {
  const Ran ran = check("tells.c --copt -DIN_ONE_STEP --executions 2000");
  EXPECT_EQ(ran.code, kGood) << ran.output;
}

TEST(Told, WhatIsAssumedAwayIsNotFoundAndNotCounted) {
  const Ran ran = check("tells.cc");
  EXPECT_EQ(ran.code, kGood) << ran.output;
  EXPECT_TRUE(says(ran, " 0 distinct")) << ran.output;
}

TEST(Told, NothingIsToldWithoutWeft) {
  const std::string folder = new_folder("plain");
  const std::string sources = folder_of_sources("stress/program/ways");
  const std::string include = folder_of_sources("");
  const Ran c =
      run_command("clang-19 -std=c11 -Wall -Wextra -Werror -pthread -I'" + include + "' '" +
                  sources + "/tells.c' -o '" + folder + "/c' && '" + folder + "/c' || test $? = 1");
  EXPECT_EQ(c.code, 0) << c.output;
  const Ran cxx =
      run_command("clang++-19 -std=c++20 -Wall -Wextra -Werror -pthread -I'" + include + "' '" +
                  sources + "/tells.cc' -o '" + folder + "/cc' && '" + folder + "/cc'");
  EXPECT_EQ(cxx.code, 42) << cxx.output;
}

}  // namespace
}  // namespace weft::program
