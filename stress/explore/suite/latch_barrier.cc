// std::latch and std::barrier.
#include <atomic>
#include <barrier>
#include <latch>

#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

const Specimen opens({.name = "Latch.OpensWhenAllHaveCountedDown", .holds = true}, [](Run& run) {
  std::latch latch(2);
  std::atomic<int> counted = 0;
  for (int i = 0; i < 2; ++i) {
    run.thread([&] {
      ++counted;
      latch.count_down();
    });
  }
  latch.wait();
  run.require(counted == 2, "it opens no sooner");
  run.require(latch.try_wait(), "it stays open");
  run.join();
});

const Specimen together({.name = "Latch.ArriveAndWait", .holds = true}, [](Run& run) {
  std::latch latch(2);
  int values[2] = {};
  for (int i = 0; i < 2; ++i) {
    run.thread([&, i] {
      values[i] = 1;
      latch.arrive_and_wait();
      run.require(values[1 - i] == 1, "both have arrived");
    });
  }
  run.join();
});

const Specimen phases({.name = "Barrier.KeepsPhasesApart"}, [](Run& run) {
  int completed = 0;
  std::barrier barrier(2, [&]() noexcept { ++completed; });
  std::atomic<int> arrived = 0;
  for (int i = 0; i < 2; ++i) {
    run.thread([&] {
      for (int phase = 1; phase <= 2; ++phase) {
        ++arrived;
        barrier.arrive_and_wait();
        run.require(arrived >= 2 * phase, "a phase ends when all have arrived");
        run.require(completed >= phase, "the completion runs before anyone goes on");
      }
    });
  }
  run.join();
  run.require(completed == 2, "the completion runs once a phase");
});

const Specimen drops({.name = "Barrier.GoesOnWithoutWhoDropped"}, [](Run& run) {
  std::barrier barrier(2);
  run.thread([&] { barrier.arrive_and_drop(); });
  run.thread([&] {
    barrier.arrive_and_wait();
    barrier.arrive_and_wait();
  });
  run.join();
});

const Specimen too_high({.name = "Latch.CountsOneTooMany", .violates = Kind::kDeadlock},
                        [](Run& run) {
                          std::latch latch(3);
                          for (int i = 0; i < 2; ++i) {
                            run.thread([&] { latch.arrive_and_wait(); });
                          }
                          run.join();
                        });

const Specimen one_too_few({.name = "Barrier.OneTooFewArrive", .violates = Kind::kDeadlock},
                           [](Run& run) {
                             std::barrier barrier(3);
                             for (int i = 0; i < 2; ++i) {
                               run.thread([&] { barrier.arrive_and_wait(); });
                             }
                             run.join();
                           });

}  // namespace
}  // namespace weft::suite
