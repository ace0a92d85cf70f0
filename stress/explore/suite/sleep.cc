// Sleeping and yielding.
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

#include "stress/explore/suite/pauses.h"
#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using std::chrono::system_clock;

const Specimen lasts({.name = "Sleep.LastsAtLeastSoLong", .holds = true}, [](Run& run) {
  run.thread([&] {
    const auto begin = steady_clock::now();
    pause_for(milliseconds(3));
    run.require(steady_clock::now() - begin >= milliseconds(3), "a sleep of some time lasts");
  });
  run.thread([&] {
    const auto end = system_clock::now() + milliseconds(2);
    pause_until(end);
    run.require(system_clock::now() >= end, "a sleep until a time lasts");
  });
  run.join();
});

const Specimen order({.name = "Sleep.ThePatientEndInOrder",
                      .holds = true,
                      .explored_only = "real threads may be late",
                      .options = {.patient = true}},
                     [](Run& run) {
                       // A mutex, because that one sleep ends before another orders nothing.
                       std::mutex mutex;
                       std::vector<int> ended;
                       for (int i : {3, 1, 2}) {
                         run.thread([&, i] {
                           pause_for(std::chrono::hours(i));
                           const std::lock_guard lock(mutex);
                           ended.push_back(i);
                         });
                       }
                       run.join();
                       run.require(ended == std::vector<int>({1, 2, 3}), "sleeps end in order");
                     });

const Specimen yields({.name = "Sleep.YieldLetsTheOtherGoOn"}, [](Run& run) {
  std::atomic<bool> ready = false;
  run.thread([&] {
    while (!ready) std::this_thread::yield();
  });
  run.thread([&] { ready = true; });
  run.join();
});

const Specimen orders_nothing({.name = "Sleep.TakenForAnOrder",
                               .violates = Kind::kAssertion,
                               .says = "slept long enough"},
                              [](Run& run) {
                                std::atomic<bool> ready = false;
                                run.thread([&] { ready = true; });
                                run.thread([&] {
                                  pause_for(std::chrono::hours(1));
                                  run.require(ready, "it slept long enough");
                                });
                                run.join();
                              });

const Specimen waits_for_ever({.name = "Sleep.YieldsForEver", .violates = Kind::kLivelock},
                              [](Run& run) {
                                std::atomic<bool> ready = false;
                                for (int i = 0; i < 2; ++i) {
                                  run.thread([&] {
                                    while (!ready) std::this_thread::yield();
                                  });
                                }
                                run.join();
                              });

const Specimen polls_for_ever({.name = "Sleep.PollsForEver", .violates = Kind::kLivelock},
                              [](Run& run) {
                                std::atomic<bool> ready = false;
                                run.thread([&] {
                                  while (!ready) pause_for(milliseconds(1));
                                });
                                run.join();
                              });

}  // namespace
}  // namespace weft::suite
