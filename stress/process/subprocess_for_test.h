// What the tests of other programs have in common.
//
// Thread safety: by the test's thread.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "primitives/process/run.h"

namespace weft {

inline constexpr std::size_t kMuch = 10 << 20;  // of what a pipe holds 160 times

inline CompletedProcess shell(const std::string& command, RunOptions options = {}) {
  options.capture_output = true;
  return run_shell(command, options);
}

inline std::set<int> open_descriptors() {
  std::set<int> open;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    open.insert(std::stoi(entry.path().filename()));
  }
  return open;
}

inline bool has_child() {
  siginfo_t info{};
  return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

inline std::string temporary(const std::string& name) {
  const char* const folder = std::getenv("TEST_TMPDIR");
  return std::string(folder ? folder : "/tmp") + "/" + name + std::to_string(::getpid());
}

inline std::string content(const std::string& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// No test leaves a descriptor or a process.
class Subprocess : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_EQ(open_descriptors(), open_);
    EXPECT_FALSE(has_child());
  }

 private:
  const std::set<int> open_ = open_descriptors();
};

}  // namespace weft
