// std::call_once and function-local statics.
#include <atomic>
#include <mutex>
#include <stdexcept>

#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

const Specimen once({.name = "CallOnce.RunsOnce", .holds = true}, [](Run& run) {
  std::once_flag flag;
  int value = 0;
  const auto call = [&] {
    std::call_once(flag, [&] { ++value; });
    run.require(value == 1, "it has run, once, when call_once returns");
  };
  run.thread(call);
  run.thread(call);
  run.join();
});

const Specimen throws({.name = "CallOnce.AnotherTriesAfterAnException",
                       .holds = true,
                       .explored_only = "an exception that leaves call_once hangs under "
                                        "ThreadSanitizer"},
                      [](Run& run) {
                        std::once_flag flag;
                        std::atomic<int> tries = 0;
                        std::atomic<int> caught = 0;
                        const auto call = [&] {
                          try {
                            std::call_once(flag, [&] {
                              if (++tries == 1) throw std::runtime_error("the first fails");
                            });
                          } catch (const std::runtime_error&) {
                            ++caught;
                          }
                        };
                        run.thread(call);
                        run.thread(call);
                        run.join();
                        run.require(tries == 2 && caught == 1, "one failed, the other did it");
                      });

const Specimen again(
    {.name = "CallOnce.CallsItself", .violates = Kind::kDeadlock, .says = "calls itself"},
    [](Run& run) {
      std::once_flag flag;
      run.thread([&] { std::call_once(flag, [&] { std::call_once(flag, [] {}); }); });
      run.join();
    });

int initialised = 0;

int initialise() { return ++initialised; }

int of_static() {
  static const int value = initialise();
  return value;
}

const Specimen local_static({.name = "LocalStatic.IsInitialisedOnce", .holds = true}, [](Run& run) {
  const auto look = [&] { run.require(of_static() == 1, "it is what its initialiser made"); };
  run.thread(look);
  run.thread(look);
  run.join();
  run.require(initialised == 1, "its initialiser runs once");
});

// Whether the initialiser throws is the caller's affair, so that this goes on in each execution.
int throwing_static(bool fail) {
  struct Value {
    explicit Value(bool fail) {
      if (fail) throw std::runtime_error("no value yet");
    }
    int number = 7;
  };
  static const Value value(fail);
  return value.number;
}

const Specimen static_throws({.name = "LocalStatic.IsTriedAgainAfterAnException",
                              .holds = true,
                              .keeps_state = "once it is initialised nothing throws any more"},
                             [](Run& run) {
                               static std::atomic<bool> initialised_before = false;
                               const bool was = initialised_before;
                               bool caught = false;
                               try {
                                 throwing_static(true);
                               } catch (const std::runtime_error&) {
                                 caught = true;
                               }
                               run.require(caught != was, "an initialiser that fails throws");
                               run.require(throwing_static(false) == 7,
                                           "the next caller tries again");
                               initialised_before = true;
                             });

int needs_itself(int depth) {
  // NOLINTNEXTLINE: that it does not end is the point.
  static const int value = depth == 0 ? 0 : needs_itself(depth - 1);
  return value;
}

const Specimen recursive({.name = "LocalStatic.NeedsItself",
                          .violates = Kind::kDeadlock,
                          .says = "needs itself"},
                         [](Run& run) {
                           run.thread([] { needs_itself(1); });
                           run.join();
                         });

}  // namespace
}  // namespace weft::suite
