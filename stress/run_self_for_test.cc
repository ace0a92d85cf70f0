#include "stress/run_self_for_test.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>

extern char** environ;

namespace weft::internal {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// The environment without what would make the child write over the parent's results.
std::vector<std::string> environment_of(const SelfOptions& options, const fs::path& folder) {
  static constexpr std::string_view kOwn[] = {"WEFT_", "TEST_", "GTEST_", "TESTBRIDGE_", "XML_"};
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    bool own = false;
    for (std::string_view prefix : kOwn) own |= std::string_view(*variable).starts_with(prefix);
    if (!own) variables.emplace_back(*variable);
  }
  variables.push_back("XML_OUTPUT_FILE=" + (folder / "test.xml").string());
  variables.push_back("TEST_UNDECLARED_OUTPUTS_DIR=" + (folder / "outputs").string());
  for (const auto& [name, value] : options.environment) variables.push_back(name + "=" + value);
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (auto& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

}  // namespace

SelfRun run_self(const SelfOptions& options) {
  const char* scratch = std::getenv("TEST_TMPDIR");
  std::string name = (fs::path(scratch == nullptr ? "/tmp" : scratch) / "self.XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  const fs::path folder = name;
  fs::create_directory(folder / "outputs");

  std::vector<std::string> arguments = {fs::read_symlink("/proc/self/exe").string(),
                                        "--gtest_also_run_disabled_tests",
                                        "--gtest_filter=" + options.filter};
  arguments.insert(arguments.end(), options.flags.begin(), options.flags.end());
  std::vector<std::string> variables = environment_of(options, folder);

  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // A group of its own can be sent a signal as Bazel sends it, to the helpers of the program too.
  if (!options.terminate_at.empty()) posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  pid_t child = 0;
  const auto begin = std::chrono::steady_clock::now();
  const int failed = posix_spawn(&child, arguments[0].c_str(), &actions, &attributes,
                                 pointers(arguments).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  close(ends[1]);
  if (failed != 0) throw std::runtime_error("cannot run " + arguments[0]);

  SelfRun run;
  char buffer[4096];
  ssize_t size = 0;
  std::size_t signals_sent = 0;
  while ((size = read(ends[0], buffer, sizeof buffer)) > 0) {
    run.output.append(buffer, static_cast<std::size_t>(size));
    while (signals_sent < options.terminate_at.size() &&
           run.prints(options.terminate_at[signals_sent])) {
      kill(-child, SIGTERM);
      ++signals_sent;
    }
  }
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  run.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  run.xml = content_of(folder / "test.xml");
  for (const auto& file : fs::directory_iterator(folder / "outputs")) {
    run.outputs[file.path().filename().string()] = content_of(file.path());
  }
  fs::remove_all(folder);
  return run;
}

}  // namespace weft::internal
