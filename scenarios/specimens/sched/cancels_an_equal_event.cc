// Events are compared by time and priority, also to find the one to cancel: another one that is
// equal goes in its place.
#include "primitives/sched/scheduler.h"
#include "scenarios/specimens/sched/sched.h"
#include "scenarios/specimens/sched/textbook_scheduler.h"

namespace weft::scenarios::specimens::sched {
namespace {

struct ComparesKeys : TextbookWays {
  static bool is_same(const TextbookEvent& a, const TextbookEvent& b) {
    return a.time == b.time && a.priority == b.priority;
  }
};

template <class AnyScheduler>
std::string cancel_the_second() {
  std::string called;
  AnyScheduler scheduler;
  scheduler.enterabs(at(1), 1, [&called] { called += 'a'; });
  const auto second = scheduler.enterabs(at(1), 1, [&called] { called += 'b'; });
  scheduler.enterabs(at(1), 1, [&called] { called += 'c'; });
  scheduler.cancel(second);
  scheduler.run();
  return unless_called("ac", called);
}

}  // namespace

constinit const Specimen kCancelsAnEqualEvent{
    .row = "000-10",
    .name = "sched/cancels_an_equal_event",
    .mistake = "cancel takes the first event of the same time and priority",
    .kind = kind::kAssertion,
    .body = cancel_the_second<TextbookScheduler<ComparesKeys>>,
    .mended = cancel_the_second<Scheduler>,
};

}  // namespace weft::scenarios::specimens::sched
