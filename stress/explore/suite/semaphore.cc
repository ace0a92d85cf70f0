// std::counting_semaphore and std::binary_semaphore.
#include <atomic>
#include <chrono>
#include <semaphore>

#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

using std::chrono::milliseconds;

const Specimen signals({.name = "BinarySemaphore.Signals", .holds = true}, [](Run& run) {
  std::binary_semaphore semaphore(0);
  int value = 0;
  run.thread([&] {
    value = 1;
    semaphore.release();
  });
  run.thread([&] {
    semaphore.acquire();
    run.require(value == 1, "what was before release() is seen after acquire()");
  });
  run.join();
});

const Specimen bounds({.name = "CountingSemaphore.LetsInNoMoreThanItsPermits"}, [](Run& run) {
  std::counting_semaphore<4> semaphore(2);
  std::atomic<int> inside = 0;
  // As many permits as are asked for without waiting: where two wait, libstdc++ 12 may wake only
  // one.
  for (int i = 0; i < 3; ++i) {
    run.thread([&] {
      if (!semaphore.try_acquire()) return;
      run.require(++inside <= 2, "two permits let in two");
      --inside;
      semaphore.release();
    });
  }
  run.join();
});

const Specimen times({.name = "CountingSemaphore.GivesUp", .holds = true}, [](Run& run) {
  std::counting_semaphore<4> semaphore(0);
  run.thread([&] {
    run.require(!semaphore.try_acquire_for(milliseconds(1)),
                "a wait without a permit ends by time");
    run.require(!semaphore.try_acquire_until(std::chrono::system_clock::now() - milliseconds(1)),
                "a time-out in the past is one");
  });
  run.join();
  semaphore.release(2);
  run.require(semaphore.try_acquire_for(std::chrono::hours(1)), "a permit is taken");
  run.require(semaphore.try_acquire(), "so is the other");
  run.require(!semaphore.try_acquire(), "and then there is none");
});

const Specimen without_release({.name = "CountingSemaphore.NobodyReleases",
                                .violates = Kind::kDeadlock},
                               [](Run& run) {
                                 std::counting_semaphore<4> semaphore(1);
                                 for (int i = 0; i < 2; ++i) {
                                   run.thread([&] { semaphore.acquire(); });
                                 }
                                 run.join();
                               });

const Specimen twice({.name = "BinarySemaphore.AcquiredTwice", .violates = Kind::kDeadlock},
                     [](Run&) {
                       std::binary_semaphore semaphore(1);
                       semaphore.acquire();
                       semaphore.acquire();
                     });

}  // namespace
}  // namespace weft::suite
