#include "scenarios/locks/two_locks.h"

#include <mutex>
#include <string>

#include "primitives/threading/lock.h"
#include "scenarios/judging.h"
#include "scenarios/together.h"

namespace weft::scenarios {
namespace {

constexpr int kTransfersEach = 25;

struct Account {
  Lock lock;
  int money = 100;  // guarded by lock
};

// Two threads move money in opposite directions.
template <class Transfer>
int total_after(Transfer transfer) {
  Account a;
  Account b;
  together(2, [&](int i) {
    Account& from = i == 0 ? a : b;
    Account& to = i == 0 ? b : a;
    for (int n = 0; n < kTransfersEach; ++n) transfer(from, to, a, b);
  });
  return a.money + b.money;
}

void run(Transcript& out, const Pace&) {
  // The document's advice. Between the two sections the money is on its way.
  const int one_at_a_time = total_after([](Account& from, Account& to, Account&, Account&) {
    {
      std::scoped_lock hold(from.lock);
      from.money -= 1;
    }
    std::scoped_lock hold(to.lock);
    to.money += 1;
  });
  out.say("one lock at a time: total " + std::to_string(one_at_a_time));

  const int in_one_order =
      total_after([](Account& from, Account& to, Account& first, Account& second) {
        std::scoped_lock hold_first(first.lock);
        std::scoped_lock hold_second(second.lock);
        from.money -= 1;
        to.money += 1;
      });
  out.say("always in one order: total " + std::to_string(in_one_order));

  // Named in opposite orders on purpose: it takes them all or waits with none.
  const int both_at_once = total_after([](Account& from, Account& to, Account&, Account&) {
    std::scoped_lock hold(from.lock, to.lock);
    from.money -= 1;
    to.money += 1;
  });
  out.say("both at once: total " + std::to_string(both_at_once));
}

std::string judge(const Lines& lines) {
  return say_exactly({"one lock at a time: total 200", "always in one order: total 200",
                      "both at once: total 200"},
                     lines);
}

}  // namespace

constinit const Scenario kTwoLocks = {
    .row = "001-7",
    .target = "//scenarios/locks:two_locks",
    .shows = "Three ways to use two locks without a dead-lock.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
