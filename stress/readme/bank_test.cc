#include <gtest/gtest.h>

#include <mutex>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "stress/check.h"

TEST(Bank, TransfersAlwaysEnd) {
  weft::check([](weft::Run& run) {
    weft::Lock alice, bob;
    weft::annotate::named(&alice, "alice");
    weft::annotate::named(&bob, "bob");
    run.thread("alice to bob", [&] {
      std::scoped_lock from(alice);
      std::scoped_lock to(bob);
    });
    run.thread("bob to alice", [&] {
      std::scoped_lock from(bob);
      std::scoped_lock to(alice);
    });
    run.join();
  });
}
