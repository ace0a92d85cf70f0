// A heap keeps no order among equals: events of the same time and priority need their number.
#include "primitives/sched/scheduler.h"
#include "scenarios/specimens/sched/sched.h"
#include "scenarios/specimens/sched/textbook_scheduler.h"

namespace weft::scenarios::specimens::sched {
namespace {

struct WithoutNumber : TextbookWays {
  static bool comes_before(const TextbookEvent& a, const TextbookEvent& b) {
    return a.time != b.time ? a.time < b.time : a.priority < b.priority;
  }
};

template <class AnyScheduler>
std::string enter_equals() {
  std::string called;
  AnyScheduler scheduler;
  for (const char name : {'a', 'b', 'c', 'd'}) {
    scheduler.enterabs(at(1), 1, [&called, name] { called += name; });
  }
  scheduler.run();
  return unless_called("abcd", called);
}

}  // namespace

constinit const Specimen kUnstableOrder{
    .row = "000-10",
    .name = "sched/unstable_order",
    .mistake = "events of equal time and priority come in no order",
    .kind = kind::kAssertion,
    .body = enter_equals<TextbookScheduler<WithoutNumber>>,
    .mended = enter_equals<Scheduler>,
};

}  // namespace weft::scenarios::specimens::sched
