// Events are ordered by priority, and by time only where the priorities are equal.
#include <tuple>

#include "primitives/sched/scheduler.h"
#include "scenarios/specimens/sched/sched.h"
#include "scenarios/specimens/sched/textbook_scheduler.h"

namespace weft::scenarios::specimens::sched {
namespace {

struct PriorityFirst : TextbookWays {
  static bool comes_before(const TextbookEvent& a, const TextbookEvent& b) {
    return std::tie(a.priority, a.time, a.entry) < std::tie(b.priority, b.time, b.entry);
  }
};

template <class AnyScheduler>
std::string later_but_more_important() {
  std::string called;
  AnyScheduler scheduler;
  scheduler.enterabs(at(2), 1, [&called] { called += 'b'; });
  scheduler.enterabs(at(1), 2, [&called] { called += 'a'; });
  scheduler.run();
  return unless_called("ab", called);
}

}  // namespace

constinit const Specimen kPriorityBeforeTime{
    .row = "000-10",
    .name = "sched/priority_before_time",
    .mistake = "a later event of a lower priority number comes before an earlier one",
    .kind = kind::kAssertion,
    .body = later_but_more_important<TextbookScheduler<PriorityFirst>>,
    .mended = later_but_more_important<Scheduler>,
};

}  // namespace weft::scenarios::specimens::sched
