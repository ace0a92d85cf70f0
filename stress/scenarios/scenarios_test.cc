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

class EveryScenario : public testing::TestWithParam<const Scenario*> {};

TEST_P(EveryScenario, KeepsItsProperty) {
  const Scenario& scenario = *GetParam();
  if (kExplored && scenario.starts_processes) {
    GTEST_SKIP() << "it starts processes, which the explorer does not control";
  }
  if (kThreadSanitizer && scenario.processes_have_threads) {
    GTEST_SKIP()
        << "its processes begin threads, which ThreadSanitizer does not let the child of a "
           "process with threads do";
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
