// Two threads, two locks: one takes A and then B, the other B and then A.
#include <mutex>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/deadlock/deadlock.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::deadlock {
namespace {

struct TwoLocks {
  TwoLocks() {
    annotate::named(&a, "lock A");
    annotate::named(&b, "lock B");
  }
  Lock a, b;
};

void take_both(Lock& first, Lock& second) {
  std::scoped_lock hold_first(first);
  annotate::point("holds one lock");
  std::scoped_lock hold_second(second);
}

std::string broken() {
  TwoLocks locks;
  together({[&] { take_both(locks.a, locks.b); }, [&] { take_both(locks.b, locks.a); }});
  return "";
}

std::string mended() {
  TwoLocks locks;
  together(2, [&](int) { take_both(locks.a, locks.b); });
  return "";
}

}  // namespace

constinit const Specimen kOppositeOrder{
    .row = "001-7",
    .name = "deadlock/opposite_order",
    .mistake = "two threads take the same two locks in opposite orders",
    .kind = kind::kHang,
    .deadlock =
        "thread 0 waits for Lock 'lock B' held by thread 1; thread 1 waits for Lock 'lock A' held "
        "by thread 0",
    .body = broken,
    .mended = mended,
};

}  // namespace weft::scenarios::specimens::deadlock
