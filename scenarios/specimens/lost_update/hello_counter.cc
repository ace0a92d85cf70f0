// Two threads say hello five times each and count: unlike two processes they share the counter, and
// it comes to 20 only if one of them at a time adds to it.
#include <mutex>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/lost_update/lost_update.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::lost_update {
namespace {

struct Nobody {
  void lock() {}
  void unlock() {}
};

template <class Lockable>
std::string say_hello() {
  Lockable lock;
  long counter = 10;
  together(2, [&](int) {
    for (int hello = 0; hello < 5; ++hello) {
      std::lock_guard hold(lock);
      const long before = counter;
      annotate::point("between read and write");
      counter = before + 1;
    }
  });
  return unless_equal("counter", counter, 20);
}

}  // namespace

constinit const Specimen kHelloCounter{
    .row = "003-2",
    .name = "lost_update/hello_counter",
    .mistake = "threads count where processes did, and now they share the counter",
    .kind = kind::kAssertion,
    .kind_under_tsan = kind::kDataRace,
    .kind_under_explore = kind::kDataRace,
    .body = say_hello<Nobody>,
    .mended = say_hello<Lock>,
};

}  // namespace weft::scenarios::specimens::lost_update
