// The scenarios as a person runs them: what the programs print is judged, and so is their exit
// code.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <string>
#include <string_view>

#include "scenarios/all.h"
#include "scenarios/program.h"

namespace weft::scenarios {
namespace {

struct Ended {
  int exit_code;
  Lines lines;
};

Ended run_it(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {-1, {}};
  std::string text;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
  const int status = pclose(pipe);
  Lines lines;
  for (std::size_t from = 0, end; (end = text.find('\n', from)) != text.npos; from = end + 1) {
    lines.push_back(text.substr(from, end - from));
  }
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, lines};
}

// "//scenarios/queue:pipeline" -> "scenarios/queue/pipeline", where Bazel puts it.
std::string path_of(const Scenario& scenario) {
  std::string path(scenario.target.substr(2));
  path[path.find(':')] = '/';
  return path;
}

TEST(Programs, SayWhatTheDocumentsShow) {
  for (const Scenario* scenario : all_scenarios()) {
    for (const char* pace : {" --beat_ms=0", " --beat_ms=1"}) {
      const Ended ended = run_it(path_of(*scenario) + pace);
      EXPECT_EQ(ended.exit_code, 0) << scenario->target;
      EXPECT_EQ(scenario->judge(ended.lines), "") << scenario->target;
    }
  }
}

TEST(Programs, ExplainThemselves) {
  for (const Scenario* scenario : all_scenarios()) {
    const Ended ended = run_it(path_of(*scenario) + " --help");
    EXPECT_EQ(ended.exit_code, 0) << scenario->target;
    ASSERT_FALSE(ended.lines.empty()) << scenario->target;
    EXPECT_EQ(ended.lines.front(), scenario->shows);
  }
}

const Scenario kNeverRight = {
    .row = "000-0",
    .target = "//scenarios/nowhere:never_right",
    .shows = "A scenario whose property breaks.",
    .run = [](Transcript& out, const Pace&) { out.say("one line"); },
    .judge = [](const Lines& lines) { return std::to_string(lines.size()) + " line is too few"; },
};

int run_never_right(const char* argument, std::string* errors) {
  const char* const argv[] = {"never_right", argument};
  testing::internal::CaptureStderr();
  const int exit_code = run_program(kNeverRight, argument == nullptr ? 1 : 2, argv);
  *errors = testing::internal::GetCapturedStderr();
  return exit_code;
}

TEST(Programs, FailWithTheSentenceWhenThePropertyBreaks) {
  std::string errors;
  EXPECT_EQ(run_never_right(nullptr, &errors), 1);
  EXPECT_EQ(errors, "the property of row 000-0 broke: 1 line is too few\n");
}

TEST(Programs, RefuseOptionsThatTheyDoNotKnow) {
  std::string errors;
  for (const char* bad : {"--beat_ms=", "--beat_ms=-1", "--beat_ms=1s", "--beat_ms=99999999999",
                          "--beat_ms=60001", "--beats=1", "7"}) {
    EXPECT_EQ(run_never_right(bad, &errors), 2) << bad;
    EXPECT_EQ(errors, "cannot use \"" + std::string(bad) +
                          "\": give --beat_ms=N with N from 0 to 60000, or --help\n");
  }
}

}  // namespace
}  // namespace weft::scenarios
