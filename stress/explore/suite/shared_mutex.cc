// std::shared_mutex and std::shared_timed_mutex.
#include <chrono>
#include <mutex>
#include <shared_mutex>

#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

using std::chrono::milliseconds;

template <class Mutex>
void read_and_write(Run& run) {
  Mutex mutex;
  int a = 0;
  int b = 0;
  run.thread("writer", [&] {
    const std::unique_lock lock(mutex);
    ++a;
    ++b;
  });
  const auto read = [&] {
    const std::shared_lock lock(mutex);
    run.require(a == b, "a reader sees no write half done");
  };
  run.thread("reader", read);
  run.thread("other reader", read);
  run.join();
}

const Specimen excludes({.name = "SharedMutex.KeepsWritersFromReaders", .holds = true},
                        read_and_write<std::shared_mutex>);
const Specimen timed({.name = "SharedTimedMutex.KeepsWritersFromReaders", .holds = true},
                     read_and_write<std::shared_timed_mutex>);

const Specimen attempts({.name = "SharedMutex.TryLockAsItMust", .holds = true}, [](Run& run) {
  std::shared_mutex mutex;
  mutex.lock_shared();
  run.thread([&] {
    run.require(!mutex.try_lock(), "no writer beside a reader");
    run.require(mutex.try_lock_shared(), "a reader beside a reader");
    mutex.unlock_shared();
  });
  run.join();
  mutex.unlock_shared();
  mutex.lock();
  run.thread([&] {
    run.require(!mutex.try_lock(), "no writer beside a writer");
    run.require(!mutex.try_lock_shared(), "no reader beside a writer");
  });
  run.join();
  mutex.unlock();
});

const Specimen gives_up({.name = "SharedTimedMutex.GivesUp", .holds = true}, [](Run& run) {
  std::shared_timed_mutex mutex;
  mutex.lock_shared();
  run.thread([&] {
    run.require(!mutex.try_lock_for(milliseconds(1)), "a writer's wait ends by time");
    run.require(!mutex.try_lock_until(std::chrono::system_clock::now() + milliseconds(1)),
                "a writer's wait by the system clock ends by time");
    run.require(mutex.try_lock_shared_for(std::chrono::hours(1)), "a reader need not wait");
    mutex.unlock_shared();
  });
  run.join();
  mutex.unlock_shared();
  mutex.lock();
  run.thread([&] {
    run.require(!mutex.try_lock_shared_for(milliseconds(1)), "a reader's wait ends by time");
    run.require(!mutex.try_lock_shared_until(std::chrono::steady_clock::now() + milliseconds(1)),
                "a reader's wait by the steady clock ends by time");
  });
  run.join();
  mutex.unlock();
});

const Specimen upgrade({.name = "SharedMutex.TwoReadersUpgrade", .violates = Kind::kDeadlock},
                       [](Run& run) {
                         std::shared_mutex mutex;
                         const auto upgrade = [&] {
                           mutex.lock_shared();
                           mutex.lock();
                         };
                         run.thread(upgrade);
                         run.thread(upgrade);
                         run.join();
                       });

const Specimen again({.name = "SharedMutex.WriterLocksAgain",
                      .violates = Kind::kException,
                      .says = "deadlock"},
                     [](Run&) {
                       std::shared_mutex mutex;
                       mutex.lock();
                       mutex.lock();
                     });

const Specimen stranger({.name = "SharedMutex.UnlockedByAStranger",
                         .violates = Kind::kMisuse,
                         .says = "a thread that does not hold it"},
                        [](Run& run) {
                          std::shared_mutex mutex;
                          mutex.lock();
                          run.thread([&] { mutex.unlock(); });
                          run.join();
                        });

const Specimen nobody({.name = "SharedTimedMutex.UnlockedThoughFree",
                       .violates = Kind::kMisuse,
                       .says = "nobody holds"},
                      [](Run&) {
                        std::shared_timed_mutex mutex;
                        mutex.unlock_shared();
                      });

}  // namespace
}  // namespace weft::suite
