#include "scenarios/queue/pipeline_lines.h"

#include "scenarios/judging.h"

namespace weft::scenarios {
namespace {

constexpr int kItems = kPipelineItems;

}  // namespace

std::string judge_pipeline(const Lines& lines) {
  const Lines produced = concatenated({numbered("produced ", 0, kItems - 1), {"producer: done"}});
  const Lines consumed = concatenated({numbered("consumed ", 1, kItems), {"consumer: done"}});
  const Lines intermediate = {"intermediate: done"};
  std::string complaint =
      first_of({say_in_any_order(concatenated({produced, intermediate, consumed}), lines),
                in_order(produced, lines), in_order(consumed, lines),
                // An item is put before its line is said, but after the line of the item before.
                in_order({"produced " + std::to_string(kItems - 2), "intermediate: done"}, lines)});
  for (int i = 1; i < kItems && complaint.empty(); ++i) {
    complaint =
        in_order({"produced " + std::to_string(i - 1), "consumed " + std::to_string(i + 1)}, lines);
  }
  return complaint;
}

}  // namespace weft::scenarios
