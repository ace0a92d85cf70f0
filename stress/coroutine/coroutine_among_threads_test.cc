// A coroutine that several threads resume and close: one is let in at a time.
#include <gtest/gtest.h>

#include <atomic>

#include "primitives/base/errors.h"
#include "primitives/coroutine/coroutine.h"
#include "stress/check.h"

namespace weft {
namespace {

// One thread is let in at a time, and the others are told; what one did is seen by the next.
TEST(CoroutineAmongThreads, IsResumedByOneAtATime) {
  check([](weft::Run& run) {
    int steps = 0;  // not atomic: the turn alone orders the threads
    auto counter = [](int& steps) -> Coroutine<> {
      for (;;) {
        ++steps;
        co_yield {};
      }
    }(steps);
    std::atomic<int> resumed{0};
    for (int i = 0; i < 2; ++i) {
      run.thread([&] {
        for (int j = 0; j < 3; ++j) {
          try {
            counter.next();
            ++resumed;
          } catch (const ValueError&) {
          }
        }
      });
    }
    run.join();
    run.require(steps == resumed, "each resume that was let in is a step of the body");
    run.require(resumed > 0, "somebody is let in");
  });
}

TEST(CoroutineAmongThreads, IsClosedOnceWhoeverCloses) {
  check([](weft::Run& run) {
    int exits = 0;
    auto body = [](int& exits) -> Coroutine<> {
      try {
        for (;;) co_yield {};
      } catch (const GeneratorExit&) {
        ++exits;
      }
    }(exits);
    body.next();
    std::atomic<int> refused{0};
    for (int i = 0; i < 2; ++i) {
      run.thread([&] {
        try {
          body.close();
        } catch (const ValueError&) {
          ++refused;
        }
      });
    }
    run.thread([&] {
      try {
        body.next();
      } catch (const ValueError&) {
      } catch (const StopIteration&) {
      }
    });
    run.join();
    if (refused == 2) body.close();
    run.require(exits == 1, "the body saw one GeneratorExit");
    run.require(body.done(), "it has ended");
  });
}

}  // namespace
}  // namespace weft
