#include "stress/run/replay.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "stress/run/options.h"

namespace weft::internal {
namespace {

// Quoted for a shell if it has to be.
std::string quoted(std::string_view text) {
  static constexpr std::string_view kPlainCharacters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,+@%";
  if (!text.empty() && text.find_first_not_of(kPlainCharacters) == text.npos) {
    return std::string(text);
  }
  std::string result = "'";
  for (char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::string program_name() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::string first;
  std::getline(file, first, '\0');
  return first.empty() ? "PROGRAM" : first;
}

}  // namespace

std::string ReplayLine::with_schedule(const std::string& schedule) const {
  static constexpr std::string_view kSeed = "WEFT_SEED=";
  std::string before = before_seed;
  before.replace(before.rfind(kSeed), kSeed.size(), "WEFT_SCHEDULE=");
  return before + schedule + after_seed;
}

ReplayLine replay_line(std::string_view test_filter, std::string_view program) {
  ReplayLine line;
  std::vector<std::string> settings = overrides();
  if (!program.empty()) settings.push_back("WEFT_PROGRAM=" + std::string(program));
  if (const char* target = std::getenv("TEST_TARGET"); target != nullptr && *target != '\0') {
    line.before_seed = "bazel test " + quoted(target);
    if (!test_filter.empty()) line.before_seed += " --test_filter=" + quoted(test_filter);
    for (const auto& setting : settings) line.before_seed += " --test_env=" + quoted(setting);
    line.before_seed += " --test_env=WEFT_SEED=";
    return line;
  }
  for (const auto& setting : settings) {
    // The name must stand bare, or a shell takes it for a command.
    const std::size_t value = setting.find('=') + 1;
    line.before_seed += setting.substr(0, value) + quoted(setting.substr(value)) + " ";
  }
  line.before_seed += "WEFT_SEED=";
  line.after_seed = " " + quoted(program_name());
  if (!test_filter.empty()) line.after_seed += " --gtest_filter=" + quoted(test_filter);
  return line;
}

}  // namespace weft::internal
