// The event is set before the others wait, and then cleared: those who come late wait for a set()
// that has been.
#include "primitives/annotate.h"
#include "primitives/threading/event.h"
#include "scenarios/specimens/waits_for_nobody/waits_for_nobody.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::waits_for_nobody {
namespace {

constexpr int kWaiters = 3;

template <bool kClears>
std::string wait_for_it() {
  Event event;
  annotate::named(&event, "go");
  event.set();
  if (kClears) event.clear();
  together(kWaiters, [&](int) { event.wait(); });
  return "";
}

}  // namespace

constinit const Specimen kEventClearedBeforeTheWait{
    .row = "001-10",
    .name = "waits_for_nobody/event_cleared_before_the_wait",
    .mistake = "the event is set and cleared before anybody waits for it",
    .kind = kind::kHang,
    .deadlock = "thread 0 waits for Event 'go'",
    .body = wait_for_it<true>,
    .mended = wait_for_it<false>,
};

}  // namespace weft::scenarios::specimens::waits_for_nobody
