// Every scenario keeps its property, execution after execution.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

#include "scenarios/all.h"
#include "stress/check.h"
#include "stress/run/build_mode.h"

namespace weft::scenarios {
namespace {

bool has_manager(const Scenario& scenario) {
  return scenario.target.starts_with("//scenarios/manager:");
}

class EveryScenario : public testing::TestWithParam<const Scenario*> {};

TEST_P(EveryScenario, KeepsItsProperty) {
  const Scenario& scenario = *GetParam();
  if (kExplored && scenario.starts_processes) {
    GTEST_SKIP() << "it starts processes, which the explorer does not control";
  }
  if (kThreadSanitizer && has_manager(scenario)) {
    GTEST_SKIP() << "a manager has threads, which ThreadSanitizer lets no child of a process with "
                    "threads begin";
  }
  check([&](weft::Run& run) {
    Transcript transcript;
    scenario.run(transcript, Pace{});
    const std::string complaint = scenario.judge(transcript.lines());
    run.require(complaint.empty(), complaint);
  });
}

// "//scenarios/queue:pipeline" -> "queue_pipeline"
std::string name_of(const testing::TestParamInfo<const Scenario*>& info) {
  constexpr std::string_view kRoom = "//scenarios/";
  std::string name(info.param->target.substr(kRoom.size()));
  std::ranges::replace_if(name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Documents, EveryScenario,
                         testing::ValuesIn(all_scenarios().begin(), all_scenarios().end()),
                         name_of);

}  // namespace
}  // namespace weft::scenarios
