// imap() and imap_unordered() in every schedule: each result once, as it comes, and what happens to
// the rest when nobody takes it, or the pool is terminated.
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/pool/thread_pool.h"
#include "primitives/threading/event.h"
#include "stress/check.h"

namespace weft {
namespace {

TEST(Imap, UnorderedGivesEachResultOnceInEverySchedule) {
  check([](weft::Run& run) {
    std::vector<std::atomic<int>> calls(3);
    int given[3] = {};
    ThreadPool pool(2);
    const std::vector<int> inputs{0, 1, 2};
    for (int n : pool.imap_unordered(
             [&](int n) {
               ++calls[static_cast<std::size_t>(n)];
               return n;
             },
             inputs)) {
      ++given[n];
    }
    for (int n = 0; n < 3; ++n) {
      run.require(calls[static_cast<std::size_t>(n)] == 1, "each is called once");
      run.require(given[n] == 1, "each is given once");
    }
  });
}

TEST(Imap, UnorderedDoesNotWaitForTheFirstOfTheInput) {
  check([](weft::Run& run) {
    Event go;
    ThreadPool pool(2);
    const std::vector<int> inputs{0, 1};
    auto results = pool.imap_unordered(
        [&](int n) {
          if (n == 0) go.wait();
          return n;
        },
        inputs);
    run.require(results.next() == 1, "the one that was done");
    go.set();
    run.require(results.next() == 0, "the other one");
    run.require(results.next() == std::nullopt, "no more");
  });
}

TEST(Imap, DroppedEarlyCancelsWhatHasNotBegunAndWaitsForNothing) {
  for (const bool ordered : {true, false}) {
    check([ordered](weft::Run& run) {
      Event begun;
      Event go;
      std::atomic<int> calls{0};
      ThreadPool pool(1);
      const std::vector<int> inputs{0, 1, 2};
      const auto call = [&](int n) {
        ++calls;
        begun.set();
        go.wait();
        return n;
      };
      if (ordered) {
        const auto dropped = pool.imap(call, inputs);
        begun.wait();
      } else {
        const auto dropped = pool.imap_unordered(call, inputs);
        begun.wait();
      }
      go.set();
      pool.close();
      pool.join();
      run.require(calls == 1, "the others were not begun");
    });
  }
}

TEST(Imap, GivesTheFirstResultsInOrderWhateverTerminatesThePool) {
  check([](weft::Run& run) {
    ThreadPool pool(1);
    run.thread([&] {
      const std::vector<int> inputs{0, 1, 2};
      int next = 0;
      try {
        for (int n : pool.imap([](int n) { return n; }, inputs)) {
          run.require(n == next++, "in order");
        }
        run.require(next == 3, "without an exception all were given");
      } catch (const CancelledError&) {
      } catch (const RuntimeError&) {
      }
    });
    run.thread([&] { pool.terminate(); });
    run.join();
    pool.join();
  });
}

}  // namespace
}  // namespace weft
