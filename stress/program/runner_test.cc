// Many executions in one process, and each as if it were the first.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>

#include "stress/program/run_command_for_test.h"
#include "stress/report/json_reader.h"

namespace weft::program {
namespace {

constexpr int kGood = 0;

std::string read_file(const std::string& path) {
  const std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Checked {
  Ran ran;
  report::Json json;

  std::uint64_t number(const char* field) const {
    return static_cast<std::uint64_t>(json.at(field).number());
  }
  std::string text(const char* field) const { return json.at(field).text(); }
};

// `options` come before `arguments` of the program.
Checked check(const std::string& folder, const std::string& options,
              const std::string& arguments = "", const std::string& input = "") {
  const std::string file = new_folder("json") + "/verdict.json";
  const std::string words = options + " --seconds 100 --json '" + file + "'" +
                            (arguments.empty() ? "" : " -- " + arguments);
  Checked checked;
  checked.ran = run_command(
      "cd '" + folder_of_sources("stress/program/" + folder) + "' && weft check " + words, input);
  checked.json = report::read_json(read_file(file));
  return checked;
}

TEST(Runner, EveryExecutionFindsTheProgramsMemoryAsItBegan) {
  const Checked checked =
      check("ways", "leaves_traces.cc --executions 400 --strategy random_walk", "a", "42\n");
  EXPECT_EQ(checked.ran.code, kGood) << checked.ran.output;
  EXPECT_EQ(checked.number("executions"), 400u);
  // The first one, which is recorded, those that showed how many threads there are, and the others.
  EXPECT_LE(checked.number("processes"), 10u);
}

// The portfolio alone asks for it.
TEST(Runner, TellsWhichPlacesMetAtAnObject) {
  const std::string program = "pipeline.cc --executions 200 --strategy ";
  const Checked portfolio = check("examples", program + "portfolio");
  const Checked walk = check("examples", program + "random_walk");
  EXPECT_GT(portfolio.number("conflicts"), 5u) << portfolio.ran.output;
  EXPECT_EQ(walk.number("conflicts"), 0u) << walk.ran.output;
}

// Called through libc, and by number.
class Irrevocable : public testing::TestWithParam<const char*> {};

TEST_P(Irrevocable, ExecutionIsTheLastOfItsProcess) {
  const std::string file = new_folder("lines") + "/lines";
  const Checked checked = check(
      "ways", std::string("leaves_a_file.c --executions 50 --strategy random_walk ") + GetParam(),
      "'" + file + "'");
  EXPECT_EQ(checked.ran.code, kGood) << checked.ran.output;
  const std::string lines = read_file(file);
  // The first one apart, then those of the search: each has run once.
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 51) << lines;
  EXPECT_EQ(checked.number("processes"), 51u);
}

INSTANTIATE_TEST_SUITE_P(Calls, Irrevocable, testing::Values("", "--copt -DBY_SYSCALL"));

struct Program {
  const char* source;
  const char* options;  // for the compiler
  const char* verdict;
};

// Its path.
std::string built(const Program& program) {
  const std::string file = new_folder("built") + "/program";
  const std::string source = program.source;
  const Ran ran =
      run_command((source.ends_with(".c") ? "weft-cc" : "weft-c++ -std=c++20") + std::string(" ") +
                  program.options + " '" + folder_of_sources("stress/program/" + source) +
                  "' -o '" + file + "'");
  EXPECT_EQ(ran.code, 0) << ran.output;
  return file;
}

// A process for each execution is what --output asks for. Without making schedules simpler, for
// which there is only so much time.
class AsInProcessesOfTheirOwn : public testing::TestWithParam<Program> {};

TEST_P(AsInProcessesOfTheirOwn, IsTheSearch) {
  const std::string options =
      "'" + built(GetParam()) + "' --executions 3000 --seed 7 --weft_minimise=0";
  const Checked together = check("", options);
  const Checked apart = check("", options + " --output");
  EXPECT_EQ(together.text("verdict"), GetParam().verdict) << together.ran.output;
  for (const char* field : {"verdict", "kind", "sentence", "reached", "schedule", "controlled"}) {
    EXPECT_EQ(together.text(field), apart.text(field)) << field;
  }
  for (const char* field : {"executions", "distinct", "conflicts"}) {
    EXPECT_EQ(together.number(field), apart.number(field)) << field;
  }
  EXPECT_LT(together.number("processes"), apart.number("processes"));
}

constexpr Program kPrograms[] = {
    {"examples/bounded_buffer.c", "", "violated"},     // a lost wake-up
    {"examples/main_leaves.c", "", "holds"},           // soon
    {"examples/pipeline.cc", "", "undecided"},         // by many strategies
    {"ways/falls_seldom.c", "", "violated"},           // by a signal that is handled
    {"ways/falls_seldom.c", "-DBY_KILL", "violated"},  // by one that is not
};

INSTANTIATE_TEST_SUITE_P(Programs, AsInProcessesOfTheirOwn, testing::ValuesIn(kPrograms));

}  // namespace
}  // namespace weft::program
