// The action is called while the scheduler's lock is held, and enters another event.
#include "primitives/sched/scheduler.h"
#include "scenarios/specimens/sched/sched.h"
#include "scenarios/specimens/sched/textbook_scheduler.h"

namespace weft::scenarios::specimens::sched {
namespace {

struct CallsUnderTheLock : TextbookWays {
  static constexpr bool kCallsUnderTheLock = true;
};

template <class AnyScheduler>
std::string action_enters_another() {
  std::string called;
  AnyScheduler scheduler;
  scheduler.enterabs(at(1), 1, [&] {
    called += 'a';
    scheduler.enterabs(at(2), 1, [&called] { called += 'b'; });
  });
  scheduler.run();
  return unless_called("ab", called);
}

}  // namespace

constinit const Specimen kActionUnderTheLock{
    .row = "000-10",
    .name = "sched/action_under_the_lock",
    .mistake = "an action is called under the scheduler's lock, and enters another event",
    .kind = kind::kHang,
    .deadlock = "waits for Lock 'the scheduler's lock' held by",
    .body = action_enters_another<TextbookScheduler<CallsUnderTheLock>>,
    .mended = action_enters_another<Scheduler>,
};

}  // namespace weft::scenarios::specimens::sched
