// Names and schedules of findings are good in every process.
#include <gtest/gtest.h>

#include <regex>
#include <string>

#include "stress/report/failing_cases.h"
#include "stress/report/finding_json.h"

namespace weft::report {
namespace {

using internal::SelfRun;

std::string address_in(const SelfRun& run) {
  std::smatch found;
  const bool is_there = std::regex_search(run.output, found, std::regex("an address: (\\S+)"));
  return is_there ? found[1].str() : "";
}

TEST(Names, AreTheSameInEveryProcess) {
  SelfRun first = run_case("Names");
  SelfRun second = run_case("Names");
  ASSERT_NE(address_in(first), "");
  ASSERT_NE(address_in(first), address_in(second)) << "addresses are not randomised here";
  Finding one = finding_of(first, "Names");
  Finding other = finding_of(second, "Names");
  one.seconds = other.seconds = 0;
  EXPECT_FALSE(one.steps.empty());
  EXPECT_EQ(to_json(one), to_json(other));
}

TEST(Names, SayWhatAnObjectIs) {
  const Finding finding = finding_of(run_case("Names"), "Names");
  const auto has = [&](const char* words, Naming naming, const char* memory) {
    for (const Object& object : finding.objects) {
      if (object.name == words && object.naming == naming && object.memory == memory) return true;
    }
    return false;
  };
  EXPECT_TRUE(has("total", Naming::kSymbol, "global"));
  EXPECT_TRUE(has("named", Naming::kGiven, "stack of body"));
  EXPECT_TRUE(has("Lock 1", Naming::kNumber, "stack of body"));
  EXPECT_TRUE(has("atomic 1", Naming::kNumber, "heap"));
  bool has_static = false;
  for (const auto& object : finding.objects) {
    has_static |= object.kind == "mutex" && object.naming == Naming::kSymbol &&
                  object.name.find("of_function") != std::string::npos;
  }
  EXPECT_TRUE(has_static) << "a function's static has a symbol, too";
}

// --- Schedules -------------------------------------------------------------------

TEST(Schedule, PastedFromAReportFailsIdentically) {
  for (const char* name :
       {"LostUpdate", "TwoLocks", "TwoMutexes", "LostWakeUp", "FailedExpectation", "Spins",
        "SixThreads", "Misuse", "Throws", "Timed", "Values", "Names"}) {
    // Found by whatever strategy, printed, ...
    const SelfRun found = run_case(name, {{"WEFT_STRATEGY", "mixed"}});
    std::smatch printed;
    ASSERT_TRUE(std::regex_search(found.output, printed, std::regex("WEFT_SCHEDULE=(\\S+)")))
        << found.output;
    // ... pasted, ...
    const SelfRun again = run_case(name, {{"WEFT_SCHEDULE", printed[1].str()}});
    EXPECT_EQ(again.exit_code, 1) << again.output;
    // ... and the same in all that the report says, but for how long it was looked for.
    Finding one = finding_of(found, name);
    Finding other = finding_of(again, name);
    EXPECT_EQ(other.strategy, "replay");
    EXPECT_FALSE(one.steps.empty()) << name;
    for (Finding* each : {&one, &other}) {
      each->seconds = 0;
      each->execution = each->executions = each->distinct = 0;
      each->strategy = each->replay = each->bounds = "";
      each->original.reset();
    }
    EXPECT_EQ(to_json(one), to_json(other)) << name;
  }
}

std::string schedule_of(const std::string& name) {
  return finding_of(run_case(name), name).schedule;
}

TEST(Schedule, OfAnotherProgramIsRefusedAndSaysWhatToDo) {
  std::string edited = schedule_of("LostUpdate");
  ASSERT_FALSE(edited.empty());
  edited.back() = edited.back() == '0' ? '1' : '0';  // the digest
  const std::string others[] = {edited, schedule_of("TwoMutexes"), schedule_of("SixThreads")};
  for (const std::string& schedule : others) {
    const SelfRun run = run_case("LostUpdate", {{"WEFT_SCHEDULE", schedule}});
    EXPECT_EQ(run.exit_code, 1);
    EXPECT_TRUE(run.prints("stale schedule: this schedule is not from this program and body"))
        << schedule << "\n"
        << run.output;
    EXPECT_TRUE(run.prints("search anew without WEFT_SCHEDULE")) << run.output;
    EXPECT_EQ(finding_of(run, "LostUpdate").kind, "stale schedule");
  }
}

TEST(Schedule, ThatIsDamagedIsRefusedAndSaysWhatToDo) {
  const std::string whole = schedule_of("LostUpdate");
  const std::string bad[] = {whole.substr(0, whole.size() / 2), whole.substr(1), whole + "-1",
                             "w2" + whole.substr(2), "w1-1-!!-1"};
  for (const std::string& schedule : bad) {
    const SelfRun run = run_case("LostUpdate", {{"WEFT_SCHEDULE", schedule}});
    EXPECT_NE(run.exit_code, 0);
    EXPECT_TRUE(run.prints("WEFT_SCHEDULE")) << run.output;
    EXPECT_TRUE(run.prints("copy it whole from a report")) << schedule << "\n" << run.output;
  }
}

}  // namespace
}  // namespace weft::report
