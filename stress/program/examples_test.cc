// Programs as a stranger would write them, judged by `weft check`.
#include <gtest/gtest.h>

#include <string>

#include "stress/program/run_command_for_test.h"

namespace weft::program {
namespace {

constexpr int kGood = 0;
constexpr int kViolated = 10;

struct Case {
  const char* name;
  const char* words;  // behind `weft check`
  int code;
  const char* says;
  const char* input = "";
};

// Enough for the small ones to be searched to their end on a busy machine.
std::string command(const Case& each) {
  std::string words = each.words;
  const std::size_t arguments = words.find(" --");
  const std::string options = " --seconds 20 --executions 3000";
  words.insert(arguments == words.npos ? words.size() : arguments, options);
  return "cd '" + folder_of_sources("stress/program/examples") + "' && weft check " + words;
}

class Example : public testing::TestWithParam<Case> {};

TEST_P(Example, IsJudgedRightly) {
  const Case& wanted = GetParam();
  const Ran ran = run_command(command(wanted), wanted.input);
  EXPECT_EQ(ran.code, wanted.code) << ran.output;
  EXPECT_NE(ran.output.find(wanted.says), std::string::npos) << ran.output;
  EXPECT_NE(ran.output.find("sequentially consistent"), std::string::npos) << ran.output;
}

constexpr Case kCases[] = {
    {"BoundedBufferSignals", "bounded_buffer.c", kViolated, "violated: lost wake-up"},
    {"BoundedBufferBroadcasts", "bounded_buffer.c --copt -DBROADCAST", kGood, "bounded_buffer.c: "},
    {"AccountOverdrawn", "account.cc", kViolated, "assert(account.balance() >= 0) failed"},
    {"PhilosophersStarve", "philosophers.c -- 3", kViolated, "violated: deadlock"},
    {"PhilosophersTakeCare", "philosophers.c -- 2 careful", kGood, "holds"},
    {"PhilosophersWithoutANumber", "philosophers.c", kViolated, "exit code 2"},
    {"MainReturnsEarly", "early_return.cc", kViolated, "abort() was called"},
    {"WordsAreCounted", "word_count.cc", kGood, "word_count.cc: ", "a b\nc d e\n"},
    {"TicketSoldTwice", "ticket_sale.c", kViolated, "exit code 1"},
    {"JobServerNeverStops", "job_server.cc", kViolated, "violated: lost wake-up"},
    {"JobServerStops", "job_server.cc --copt -DLOCKED", kGood, "job_server.cc: "},
    {"MainLeavesFirst", "main_leaves.c", kGood, "main_leaves.c: "},
    {"PipelineSums", "pipeline.cc", kGood, "pipeline.cc: "},
    {"RegistryIsIncomplete", "registry.cc", kViolated, "no second entry yet"},
};

INSTANTIATE_TEST_SUITE_P(Programs, Example, testing::ValuesIn(kCases),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace weft::program
