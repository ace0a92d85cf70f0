#include "stress/run/options.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "stress/run/random.h"

namespace weft {
namespace {

// Variables and flags as a test wants them; the ones before it come back afterwards.
class OptionsTest : public testing::Test {
 protected:
  OptionsTest() {
    for (const OptionRow& row : options_table()) save(std::string(row.environment));
    for (const char* name : {"TEST_RANDOM_SEED", "TEST_SHARD_INDEX", "TEST_TIMEOUT"}) save(name);
  }
  ~OptionsTest() override {
    for (const auto& [name, value] : saved_) {
      value ? setenv(name.c_str(), value->c_str(), 1) : unsetenv(name.c_str());
    }
    forget_flags();
  }

  static void give_flags(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "program");
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    int argc = static_cast<int>(arguments.size());
    take_flags(&argc, argv.data());
    left_.assign(argv.begin() + 1, argv.begin() + argc);
  }
  static inline std::vector<std::string> left_;

  static std::string error_of(const std::function<void()>& action) {
    try {
      action();
    } catch (const OptionError& error) {
      return error.what();
    }
    return "no error";
  }

 private:
  void save(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    saved_.emplace_back(name, value ? std::optional<std::string>(value) : std::nullopt);
    unsetenv(name.c_str());
  }
  std::vector<std::pair<std::string, std::optional<std::string>>> saved_;
};

TEST_F(OptionsTest, FlagsBeatEnvironmentBeatsCode) {
  Options in_code;
  in_code.executions = 3;
  EXPECT_EQ(*resolved(in_code).executions, 3u);
  setenv("WEFT_EXECUTIONS", "5", 1);
  EXPECT_EQ(*resolved(in_code).executions, 5u);
  give_flags({"--weft_executions=7"});
  EXPECT_EQ(*resolved(in_code).executions, 7u);
}

TEST_F(OptionsTest, EachRowOfTheTableIsReadFromItsVariableAndItsFlag) {
  const auto differs = [](const Options& a, const Options& b, std::string_view field) {
    if (field == "seed") return a.seed != b.seed;
    if (field == "budget") return a.budget != b.budget;
    if (field == "executions") return a.executions != b.executions;
    if (field == "hang_after") return a.hang_after != b.hang_after;
    if (field == "livelock_after") return a.livelock_after != b.livelock_after;
    if (field == "perturb") return a.perturb != b.perturb;
    if (field == "isolate") return a.isolate != b.isolate;
    if (field == "strategy") return a.strategy != b.strategy;
    if (field == "program") return a.program != b.program;
    if (field == "schedule") return a.schedule != b.schedule;
    if (field == "steps") return a.steps != b.steps;
    if (field == "spurious") return a.spurious != b.spurious;
    if (field == "stack_bytes") return a.stack_bytes != b.stack_bytes;
    if (field == "kernel_threads") return a.kernel_threads != b.kernel_threads;
    if (field == "plain_points") return a.plain_points != b.plain_points;
    if (field == "races") return a.races != b.races;
    if (field == "twice") return a.twice != b.twice;
    if (field == "workers") return a.workers != b.workers;
    if (field == "campaign") return a.campaign != b.campaign;
    if (field == "minimise") return a.minimise != b.minimise;
    if (field == "patient") return a.patient != b.patient;
    if (field == "lock_order") return a.lock_order != b.lock_order;
    if (field == "leaks") return a.leaks != b.leaks;
    return false;
  };
  const auto another_value = [](const OptionRow& row) {
    if (row.field == "perturb") return "spin";
    if (row.field == "lock_order") return "0";
    if (row.field == "leaks") return "0";
    if (row.field == "races") return "0";
    return row.fallback == "0" ? "1" : "9";  // yes, where no is the default
  };
  const Options untouched = resolved({});
  for (const OptionRow& row : options_table()) {
    const std::string value = another_value(row);
    setenv(std::string(row.environment).c_str(), value.c_str(), 1);
    EXPECT_TRUE(differs(untouched, resolved({}), row.field)) << row.environment;
    unsetenv(std::string(row.environment).c_str());
    give_flags({std::string(row.flag) + "=" + value});
    EXPECT_TRUE(differs(untouched, resolved({}), row.field)) << row.flag;
    forget_flags();
  }
}

TEST_F(OptionsTest, ADefaultInTheTableIsTheOneInForce) {
  const Options untouched = resolved({});
  for (const OptionRow& row : options_table()) {
    setenv(std::string(row.environment).c_str(), std::string(row.fallback).c_str(), 1);
  }
  const Options written_out = resolved({});
  EXPECT_EQ(written_out.seed, untouched.seed);
  EXPECT_EQ(written_out.budget, untouched.budget);
  EXPECT_EQ(written_out.executions, untouched.executions);
  EXPECT_EQ(written_out.hang_after, untouched.hang_after);
  EXPECT_EQ(written_out.livelock_after, untouched.livelock_after);
  EXPECT_EQ(written_out.perturb, untouched.perturb);
  EXPECT_EQ(written_out.isolate, untouched.isolate);
  EXPECT_EQ(written_out.strategy, untouched.strategy);
  EXPECT_EQ(written_out.schedule, untouched.schedule);
  EXPECT_EQ(written_out.steps, untouched.steps);
  EXPECT_EQ(written_out.spurious, untouched.spurious);
  EXPECT_EQ(written_out.stack_bytes, untouched.stack_bytes);
  EXPECT_EQ(written_out.kernel_threads, untouched.kernel_threads);
  EXPECT_EQ(written_out.plain_points, untouched.plain_points);
  EXPECT_EQ(written_out.races, untouched.races);
  EXPECT_EQ(written_out.twice, untouched.twice);
  EXPECT_EQ(written_out.patient, untouched.patient);
  EXPECT_EQ(written_out.lock_order, untouched.lock_order);
  EXPECT_EQ(written_out.leaks, untouched.leaks);
}

TEST_F(OptionsTest, OtherArgumentsAreLeftAlone) {
  give_flags({"--gtest_filter=A.B", "--weft_seed=1", "positional"});
  EXPECT_EQ(left_, (std::vector<std::string>{"--gtest_filter=A.B", "positional"}));
}

TEST_F(OptionsTest, ABadValueIsNamedWithItsPlaceAndWhatWouldBeRight) {
  EXPECT_EQ(error_of([] { give_flags({"--weft_seconds=soon"}); }),
            "--weft_seconds=soon: not a time; give seconds above 0, for example "
            "--weft_seconds=2.5");
  EXPECT_EQ(error_of([] { give_flags({"--weft_executions=0"}); }),
            "--weft_executions=0: no execution would judge nothing; give at least 1");
  EXPECT_EQ(error_of([] { give_flags({"--weft_seed"}); }),
            "--weft_seed: its value is missing; write --weft_seed=20260101");
  setenv("WEFT_PERTURB", "yield,jump", 1);
  EXPECT_EQ(error_of([] { resolved({}); }),
            "WEFT_PERTURB=yield,jump: no perturbation is called \"jump\"; give all, none, or some "
            "of plain, yield, sleep, spin, pin, separated by commas");
}

TEST_F(OptionsTest, EveryBadValueIsRefused) {
  for (const char* flag :
       {"--weft_seed=-1", "--weft_seed=1x", "--weft_seed=", "--weft_seed=99999999999999999999",
        "--weft_seconds=0", "--weft_seconds=-1", "--weft_seconds=nan", "--weft_seconds=inf",
        "--weft_executions=1.5", "--weft_hang_seconds=", "--weft_livelock_seconds=x",
        "--weft_perturb=", "--weft_perturb=yield,", "--weft_isolate=yes", "--weft_steps=many",
        "--weft_patient=2", "--weft_lock_order=yes", "--weft_leaks=no"}) {
    EXPECT_NE(error_of([&] { give_flags({flag}); }), "no error") << flag;
  }
  Options none;
  none.perturb = 0;
  EXPECT_NE(error_of([&] { resolved(none); }), "no error");
  Options zero;
  zero.executions = 0;
  EXPECT_NE(error_of([&] { resolved(zero); }), "no error");
}

TEST_F(OptionsTest, AnUnknownFlagIsAnsweredWithTheKnownOnes) {
  const std::string error = error_of([] { give_flags({"--weft_sead=1"}); });
  EXPECT_NE(error.find("--weft_sead: there is no such option"), error.npos) << error;
  for (const OptionRow& row : options_table()) {
    EXPECT_NE(error.find(row.flag), error.npos) << row.flag;
  }
}

TEST_F(OptionsTest, ShardsAndRepetitionsGetSeedsOfTheirOwn) {
  std::vector<std::uint64_t> seeds;
  for (const char* shard : {"0", "1", "2"}) {
    for (const char* repetition : {"1", "2"}) {
      setenv("TEST_SHARD_INDEX", shard, 1);
      setenv("TEST_RANDOM_SEED", repetition, 1);
      seeds.push_back(resolved({}).seed);
    }
  }
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(seeds[i], seeds[j]) << i << " " << j;
  }
}

TEST_F(OptionsTest, ASeedThatWasGivenIsTakenAsItIs) {
  setenv("TEST_SHARD_INDEX", "3", 1);
  setenv("WEFT_SEED", "0x10", 1);
  EXPECT_EQ(resolved({}).seed, 16u);
}

TEST_F(OptionsTest, AControlsBudgetCannotBeShortened) {
  const Defaults control{
      .budget = Seconds(20), .executions = 1000, .isolate = true, .budget_is_a_floor = true};
  setenv("WEFT_SECONDS", "0.001", 1);
  setenv("WEFT_EXECUTIONS", "1", 1);
  setenv("WEFT_ISOLATE", "0", 1);
  const Options options = resolved({}, control);
  EXPECT_EQ(*options.budget, Seconds(20));
  EXPECT_EQ(*options.executions, 1000u);
  EXPECT_TRUE(*options.isolate);
  setenv("WEFT_SECONDS", "60", 1);
  EXPECT_EQ(*resolved({}, control).budget, Seconds(60));
}

TEST_F(OptionsTest, OverridesRepeatWhatTheEnvironmentAndFlagsSay) {
  setenv("WEFT_PERTURB", "plain", 1);
  setenv("WEFT_SEED", "3", 1);
  give_flags({"--weft_seconds=4"});
  EXPECT_EQ(overrides(), (std::vector<std::string>{"WEFT_SECONDS=4", "WEFT_PERTURB=plain"}));
}

TEST_F(OptionsTest, ModesAreReadAndWrittenAlike) {
  for (unsigned modes = 1; modes <= kAllModes; ++modes) {
    EXPECT_EQ(perturb_modes_from(to_string_of_modes(modes)), modes);
  }
}

TEST_F(OptionsTest, ReportsAreDueAtFourFifthsOfBazelsTimeout) {
  const auto without = report_deadline();
  setenv("TEST_TIMEOUT", "100", 1);
  const auto with = report_deadline();
  EXPECT_LT(with, without);
  // Counted from the start of this process, which was not more than a timeout ago.
  EXPECT_LE(with - std::chrono::steady_clock::now(), std::chrono::seconds(80));
  setenv("TEST_TIMEOUT", "200", 1);
  EXPECT_EQ(report_deadline() - with, std::chrono::seconds(80));
}

// The document is for people, the table in the code is in force: they say the same.
TEST_F(OptionsTest, TheDocumentShowsTheTable) {
  std::ifstream file("docs/writing-a-test.md");
  ASSERT_TRUE(file) << "docs/writing-a-test.md is not among this test's data";
  const std::string document((std::istreambuf_iterator<char>(file)), {});
  for (const OptionRow& row : options_table()) {
    std::string line;
    for (std::string_view cell : {row.field, row.environment, row.flag, row.fallback}) {
      line += "| `" + std::string(cell) + "` ";
    }
    line += "| " + std::string(row.meaning) + " |\n";
    EXPECT_NE(document.find(line), document.npos) << "missing:\n" << line;
  }
  std::size_t rows = 0;
  for (std::size_t at = 0; (at = document.find("| `WEFT_", at)) != document.npos; ++at) ++rows;
  EXPECT_EQ(rows, options_table().size()) << "a row of the document is not in the code";
}

TEST(Random, NumbersOfASeedNeverChange) {
  // SplitMix64 from 0, as its authors' program prints.
  EXPECT_EQ(mixed(0), 0xE220A8397B1DCDAFu);
  EXPECT_EQ(mixed(0x9E3779B97F4A7C15u), 0x6E789E6AA1B965F4u);
  Random random(1);
  std::uint64_t folded = 0;
  for (int i = 0; i < 1000; ++i) folded = mixed(folded ^ random());
  EXPECT_EQ(folded, 0xB6A82931A493BDB5u);
}

TEST(Random, NumbersKeepToTheirBounds) {
  Random random(7);
  bool low = false, high = false;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_LT(random.below(3), 3u);
    const auto value = random.between(-2, 2);
    EXPECT_GE(value, -2);
    EXPECT_LE(value, 2);
    low |= value == -2;
    high |= value == 2;
    EXPECT_FALSE(random.chance(0, 5));
    EXPECT_TRUE(random.chance(5, 5));
  }
  EXPECT_TRUE(low && high);
  EXPECT_EQ(random.below(0), 0u);
  EXPECT_EQ(random.below(1), 0u);
}

}  // namespace
}  // namespace weft
