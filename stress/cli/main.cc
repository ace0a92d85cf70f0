// The command `weft`.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <string>
#include <vector>

#include "stress/cli/arguments.h"
#include "stress/cli/build.h"
#include "stress/cli/campaign.h"
#include "stress/cli/judge.h"
#include "stress/cli/verdict.h"

namespace weft::cli {
namespace {

void write(const std::string& path, const std::string& text) {
  if (path == "-") {
    std::fputs(text.c_str(), stdout);
    return;
  }
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file.good()) throw std::runtime_error(path + " cannot be written");
}

int check(const Arguments& arguments) {
  const Installation installation = find_installation();
  const TemporaryFolder folder;
  const std::string program =
      program_from(arguments.files, arguments.compiler_options, installation, folder.path());
  const Verdict verdict =
      verdict_of(run_campaign(arguments, installation, program, folder.path()), arguments);
  if (!arguments.json.empty()) write(arguments.json, to_json(verdict, arguments));
  if (!verdict.page.empty()) write(arguments.html, verdict.page);
  if (!verdict.sarif.empty()) write(arguments.sarif, verdict.sarif);
  std::fputs(verdict.text.c_str(), arguments.json == "-" ? stderr : stdout);
  return verdict.exit_code;
}

int judge(const Arguments& arguments) {
  const Judged judged = judge_file(arguments);
  if (!arguments.json.empty()) write(arguments.json, judged.json);
  std::fputs(judged.text.c_str(), arguments.json == "-" ? stderr : stdout);
  return judged.exit_code;
}

int run(int argc, char** argv) {
  // `bazel run` starts programs elsewhere than its caller is.
  if (const char* caller = std::getenv("BUILD_WORKING_DIRECTORY")) {
    if (chdir(caller) != 0) std::perror(caller);
  }
  Arguments arguments = arguments_from({argv + 1, argv + argc});
  arguments.self = argv[0];
  switch (arguments.command) {
    case Command::kHelp:
      std::fputs(help(), stdout);
      return kExitGood;
    case Command::kHelpOfCheck:
      std::fputs(help_of_check(), stdout);
      return kExitGood;
    case Command::kHelpOfJudge:
      std::fputs((help_of_judge() + models_help()).c_str(), stdout);
      return kExitGood;
    case Command::kVersion:
      std::puts("weft, unreleased");
      return kExitGood;
    case Command::kCheck:
      take_environment(arguments);
      return check(arguments);
    case Command::kJudge:
      return judge(arguments);
  }
  return kExitUsage;
}

}  // namespace
}  // namespace weft::cli

int main(int argc, char** argv) {
  using namespace weft;
  using namespace weft::cli;
  try {
    return run(argc, argv);
  } catch (const UsageError& error) {
    std::fprintf(stderr, "weft: %s\n", error.what());
    return kExitUsage;
  } catch (const linearize::HistoryFileError& error) {
    std::fprintf(stderr, "weft: %s\n", error.what());
    return kExitUsage;
  } catch (const BuildError& error) {
    std::fprintf(stderr, "weft: %s\n", error.what());
    return kExitUsage;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "weft: no answer: %s\n", error.what());
    return kExitNoAnswer;
  }
}
