#include "stress/program/run_command_for_test.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace weft::program {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) throw std::runtime_error(std::string("not under bazel test: ") + name);
  return value;
}

}  // namespace

std::string folder_of_sources(const std::string& folder) {
  return variable("TEST_SRCDIR") + "/" + variable("TEST_WORKSPACE") + "/" + folder;
}

std::string folder_of_weft() {
  return std::filesystem::canonical(folder_of_sources("weft")).parent_path();
}

std::string new_folder(const std::string& name) {
  const std::string folder = variable("TEST_TMPDIR") + "/" + name;
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

Ran run_command(const std::string& command, const std::string& input) {
  static unsigned number = 0;
  const std::string file = variable("TEST_TMPDIR") + "/input" + std::to_string(number++);
  std::ofstream(file, std::ios::binary) << input;
  const std::string line = "export PATH='" + folder_of_weft() + "':\"$PATH\" TMPDIR='" +
                           variable("TEST_TMPDIR") +
                           "'; unset TEST_TOTAL_SHARDS TEST_SHARD_INDEX TEST_RANDOM_SEED; { " +
                           command + " ; } <'" + file + "' 2>&1";
  std::FILE* const pipe = popen(line.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("popen");
  Ran ran;
  std::array<char, 4096> buffer;
  while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    ran.output.append(buffer.data(), size);
  }
  const int status = pclose(pipe);
  if (WIFEXITED(status)) ran.code = WEXITSTATUS(status);
  return ran;
}

}  // namespace weft::program
