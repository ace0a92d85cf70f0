#include "scenarios/program.h"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "scenarios/scenario.h"

namespace weft::scenarios {
namespace {

constexpr std::string_view kBeatFlag = "--beat_ms=";
// A person can follow it, and no example takes longer than some seconds.
constexpr int kDefaultBeatMs = 100;
constexpr int kMaxBeatMs = 60'000;

void print_help(const Scenario& scenario, std::FILE* stream) {
  const std::string shows(scenario.shows);
  const std::string target(scenario.target);
  std::fprintf(stream,
               "%s\n\n"
               "usage: bazel run %s [-- --beat_ms=N]\n"
               "  --beat_ms=N  what takes the example one second takes N milliseconds here; %d by "
               "default, 0 for no pauses\n",
               shows.c_str(), target.c_str(), kDefaultBeatMs);
}

std::optional<int> beat_ms_from(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (value < 0 || value > kMaxBeatMs) return std::nullopt;
  return value;
}

}  // namespace

int run_program(const Scenario& scenario, int argc, const char* const* argv) {
  Pace pace{std::chrono::milliseconds(kDefaultBeatMs)};
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--help" || argument == "-h") {
      print_help(scenario, stdout);
      return 0;
    }
    const std::optional<int> beat_ms = argument.starts_with(kBeatFlag)
                                           ? beat_ms_from(argument.substr(kBeatFlag.size()))
                                           : std::nullopt;
    if (!beat_ms) {
      std::fprintf(stderr, "cannot use \"%s\": give --beat_ms=N with N from 0 to %d, or --help\n",
                   argv[i], kMaxBeatMs);
      return 2;
    }
    pace.beat = std::chrono::milliseconds(*beat_ms);
  }

  Transcript transcript(Transcript::Echo::kLive);
  scenario.run(transcript, pace);
  const std::string complaint = scenario.judge(transcript.lines());
  if (complaint.empty()) return 0;
  std::fprintf(stderr, "the property of row %.*s broke: %s\n",
               static_cast<int>(scenario.row.size()), scenario.row.data(), complaint.c_str());
  return 1;
}

}  // namespace weft::scenarios
