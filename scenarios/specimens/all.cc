#include "scenarios/specimens/all.h"

#include <initializer_list>
#include <vector>

#include "scenarios/specimens/containers/containers.h"
#include "scenarios/specimens/coroutine/coroutine.h"
#include "scenarios/specimens/cve/cve.h"
#include "scenarios/specimens/deadlock/deadlock.h"
#include "scenarios/specimens/generation/generation.h"
#include "scenarios/specimens/ipc/ipc.h"
#include "scenarios/specimens/lifetime/lifetime.h"
#include "scenarios/specimens/locks/locks.h"
#include "scenarios/specimens/lost_update/lost_update.h"
#include "scenarios/specimens/lost_wakeup/lost_wakeup.h"
#include "scenarios/specimens/manager/manager.h"
#include "scenarios/specimens/message/message.h"
#include "scenarios/specimens/misuse/misuse.h"
#include "scenarios/specimens/order/order.h"
#include "scenarios/specimens/pool/pool.h"
#include "scenarios/specimens/process/process.h"
#include "scenarios/specimens/process_pool/process_pool.h"
#include "scenarios/specimens/publication/publication.h"
#include "scenarios/specimens/published/published.h"
#include "scenarios/specimens/queue/queue.h"
#include "scenarios/specimens/reclamation/reclamation.h"
#include "scenarios/specimens/sched/sched.h"
#include "scenarios/specimens/starvation/starvation.h"
#include "scenarios/specimens/waits/waits.h"
#include "scenarios/specimens/waits_for_nobody/waits_for_nobody.h"

namespace weft::scenarios {
namespace {

template <class Any>
std::vector<const Any*> joined(std::initializer_list<std::span<const Any* const>> folders) {
  std::vector<const Any*> all;
  for (const auto& folder : folders) all.insert(all.end(), folder.begin(), folder.end());
  return all;
}

}  // namespace

std::span<const Specimen* const> all_specimens() {
  // One line a folder, each with its header above and its target in the BUILD file.
  static const std::vector<const Specimen*> all = joined<Specimen>({
      specimens::coroutine::kAll,
      specimens::deadlock::kAll,
      specimens::generation::kAll,
      specimens::ipc::kAll,
      specimens::lifetime::kAll,
      specimens::lost_update::kAll,
      specimens::lost_wakeup::kAll,
      specimens::manager::kAll,
      specimens::message::kAll,
      specimens::misuse::kAll,
      specimens::order::kAll,
      specimens::pool::kAll,
      specimens::process::kAll,
      specimens::process_pool::kAll,
      specimens::queue::kAll,
      specimens::sched::kAll,
      specimens::starvation::kAll,
      specimens::waits_for_nobody::kAll,
  });
  return all;
}

std::span<const Classic* const> classic_specimens() {
  static const std::vector<const Classic*> all = joined<Classic>({
      specimens::containers::kAll,
      specimens::cve::kAll,
      specimens::locks::kAll,
      specimens::publication::kAll,
      specimens::published::kAll,
      specimens::reclamation::kAll,
      specimens::waits::kAll,
  });
  return all;
}

}  // namespace weft::scenarios
