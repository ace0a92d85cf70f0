// `weft judge` at a shell.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "stress/program/run_command_for_test.h"
#include "stress/report/json_reader.h"

namespace weft::cli {
namespace {

using program::Ran;
using program::run_command;

std::string call(const char* operation, const std::string& rest) {
  return std::string("{\"thread\": 0, \"operation\": \"") + operation + "\", " + rest + "}\n";
}
const std::string& good() {
  static const std::string text = call("put", R"("arguments": [1], "invoked": 1, "returned": 2)") +
                                  call("get", R"("result": 1, "invoked": 3, "returned": 4)");
  return text;
}
const std::string& bad() {
  static const std::string text = call("put", R"("arguments": [1], "invoked": 1, "returned": 2)") +
                                  call("get", R"("result": 2, "invoked": 3, "returned": 4)");
  return text;
}

// The first block of the document that begins with a `$`: commands, and what they print.
std::string shown(const std::string& command) {
  std::ifstream file(program::folder_of_sources("docs") + "/histories.md");
  const std::string document(std::istreambuf_iterator<char>(file), {});
  const std::string mark = "$ " + command + "\n";
  const std::size_t begin = document.find(mark);
  EXPECT_NE(begin, document.npos) << command;
  if (begin == document.npos) return "";
  const std::string rest = document.substr(begin + mark.size());
  return rest.substr(0, std::min(rest.find("\n$ "), rest.find("\n```")) + 1);
}

TEST(Judge, SaysWhatTheDocumentShows) {
  const std::string folder = program::new_folder("shown");
  std::ofstream(folder + "/history.jsonl") << shown("cat history.jsonl");
  const Ran ran = run_command("cd '" + folder + "' && weft judge history.jsonl --model=queue");
  EXPECT_EQ(ran.code, 10);
  EXPECT_EQ(ran.output, shown("weft judge history.jsonl --model=queue"));
}

TEST(Judge, ExitCodeIsTheVerdict) {
  EXPECT_EQ(run_command("weft judge - --model queue", good()).code, 0);
  EXPECT_EQ(run_command("weft judge - --model=queue", bad()).code, 10);
  const Ran good_one = run_command("weft judge - --model queue:3", good());
  EXPECT_EQ(good_one.output,
            "weft: standard input: linearizable: 2 operations of 1 threads, model queue:3\n");
}

TEST(Judge, BeyondTheLimitIsUndecided) {
  std::string wide;
  for (int thread = 0; thread < 16; ++thread) {
    wide += "{\"thread\": " + std::to_string(thread) +
            ", \"operation\": \"put\", \"arguments\": [" + std::to_string(thread / 2) +
            "], \"invoked\": 1, \"returned\": 2}\n";
  }
  wide += call("qsize", R"("result": 3, "invoked": 4, "returned": 5)");
  const std::string command = "weft judge - --model queue --limit 0.01";
  const Ran ran = run_command(command, wide);
  EXPECT_EQ(ran.code, 0) << ran.output;
  EXPECT_NE(ran.output.find(": undecided: "), std::string::npos) << ran.output;
  EXPECT_NE(ran.output.find("give more by --limit"), std::string::npos) << ran.output;
  EXPECT_EQ(run_command(command + " --strict", wide).code, 11);
}

TEST(Judge, JsonSaysTheSame) {
  const Ran ran = run_command("weft judge - --model queue --json 2>/dev/null", bad());
  EXPECT_EQ(ran.code, 10);
  const report::Json json = report::read_json(ran.output);
  EXPECT_EQ(json.at("verdict").text(), "violated");
  EXPECT_EQ(json.at("operations").number(), 2);
  EXPECT_EQ(json.at("order").array().at(0).number(), 1);
  EXPECT_EQ(json.at("exit_code").number(), 10);
  const report::Json& refusal = json.at("refusals").array().at(0);
  EXPECT_EQ(refusal.at("line").number(), 2);
  EXPECT_EQ(refusal.at("why").text(), "result");
  EXPECT_EQ(refusal.at("model").number(), 1);
}

TEST(Judge, WrongInputIsAnErrorWithItsPlace) {
  const std::pair<std::string, std::string> cases[] = {
      {"weft judge", "weft judge wants one file with a history"},
      {"weft judge -", "weft judge wants a model"},
      {"weft judge - --model stack", "there is no model 'stack'; there are register, counter"},
      {"weft judge - --model queue --limit 0", "--limit wants a number above 0"},
      {"weft judge - --model queue --html x", "weft judge has no option --html"},
      {"weft judge /nowhere --model queue", "/nowhere cannot be read"},
      {"weft judge - --model set", "standard input:1: the model set has no operation \"put\""},
  };
  for (const auto& [command, beginning] : cases) {
    const Ran ran = run_command(command, good());
    EXPECT_EQ(ran.code, 2) << ran.output;
    EXPECT_TRUE(ran.output.starts_with("weft: " + beginning)) << ran.output;
  }
  const Ran ran = run_command("weft judge - --model map",
                              call("put", R"("arguments": [1], "invoked": 1, "returned": 2)"));
  EXPECT_EQ(ran.code, 2);
  EXPECT_EQ(ran.output, "weft: standard input: operation 'put' takes 2 arguments, and has 1\n");
}

TEST(Judge, HelpListsTheModels) {
  const Ran ran = run_command("weft judge --help");
  EXPECT_EQ(ran.code, 0);
  EXPECT_NE(ran.output.find("bounded_semaphore"), std::string::npos);
  EXPECT_NE(ran.output.find("compare_exchange"), std::string::npos);
}

}  // namespace
}  // namespace weft::cli
