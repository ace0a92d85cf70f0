#include "scenarios/specimens/all.h"

#include <initializer_list>
#include <vector>

#include "scenarios/specimens/deadlock/deadlock.h"
#include "scenarios/specimens/generation/generation.h"
#include "scenarios/specimens/lifetime/lifetime.h"
#include "scenarios/specimens/lost_update/lost_update.h"
#include "scenarios/specimens/lost_wakeup/lost_wakeup.h"
#include "scenarios/specimens/misuse/misuse.h"
#include "scenarios/specimens/order/order.h"
#include "scenarios/specimens/pool/pool.h"
#include "scenarios/specimens/queue/queue.h"
#include "scenarios/specimens/starvation/starvation.h"
#include "scenarios/specimens/waits_for_nobody/waits_for_nobody.h"

namespace weft::scenarios {
namespace {

std::vector<const Specimen*> joined(
    std::initializer_list<std::span<const Specimen* const>> folders) {
  std::vector<const Specimen*> all;
  for (const auto& folder : folders) all.insert(all.end(), folder.begin(), folder.end());
  return all;
}

}  // namespace

std::span<const Specimen* const> all_specimens() {
  // One line a folder, each with its header above and its target in the BUILD file.
  static const std::vector<const Specimen*> all = joined({
      specimens::deadlock::kAll,
      specimens::generation::kAll,
      specimens::lifetime::kAll,
      specimens::lost_update::kAll,
      specimens::lost_wakeup::kAll,
      specimens::misuse::kAll,
      specimens::order::kAll,
      specimens::pool::kAll,
      specimens::queue::kAll,
      specimens::starvation::kAll,
      specimens::waits_for_nobody::kAll,
  });
  return all;
}

}  // namespace weft::scenarios
