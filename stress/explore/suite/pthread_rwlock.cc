// pthread read-write locks.
#include <pthread.h>

#include <cerrno>

#include "stress/explore/suite/clocks.h"
#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

const Specimen excludes({.name = "PthreadRwlock.KeepsWritersFromReaders", .holds = true},
                        [](Run& run) {
                          pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
                          int a = 0;
                          int b = 0;
                          run.thread([&] {
                            run.require(pthread_rwlock_wrlock(&lock) == 0, "it is locked");
                            ++a;
                            ++b;
                            run.require(pthread_rwlock_unlock(&lock) == 0, "it is unlocked");
                          });
                          run.thread([&] {
                            pthread_rwlock_rdlock(&lock);
                            run.require(a == b, "a reader sees no write half done");
                            pthread_rwlock_unlock(&lock);
                          });
                          run.join();
                          pthread_rwlock_destroy(&lock);
                        });

const Specimen codes({.name = "PthreadRwlock.TellsWhyNot", .holds = true}, [](Run& run) {
  pthread_rwlock_t lock;
  pthread_rwlock_init(&lock, nullptr);
  pthread_rwlock_wrlock(&lock);
  run.require(pthread_rwlock_wrlock(&lock) == EDEADLK, "writing again");
  run.require(pthread_rwlock_rdlock(&lock) == EDEADLK, "reading what one writes");
  run.require(pthread_rwlock_tryrdlock(&lock) == EBUSY, "trying to read");
  run.require(pthread_rwlock_trywrlock(&lock) == EBUSY, "trying to write");
  pthread_rwlock_unlock(&lock);
  run.require(pthread_rwlock_tryrdlock(&lock) == 0, "reading a free one");
  run.require(pthread_rwlock_tryrdlock(&lock) == 0, "reading twice");
  run.require(pthread_rwlock_trywrlock(&lock) == EBUSY, "writing beside readers");
  pthread_rwlock_unlock(&lock);
  pthread_rwlock_unlock(&lock);
  run.require(pthread_rwlock_trywrlock(&lock) == 0, "writing a free one");
  pthread_rwlock_unlock(&lock);
  run.require(pthread_rwlock_destroy(&lock) == 0, "destroying a free one");
});

const Specimen timed({.name = "PthreadRwlock.TimedFormsGiveUp", .holds = true}, [](Run& run) {
  pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
  pthread_rwlock_wrlock(&lock);
  run.thread([&] {
    timespec soon = in_the_future(CLOCK_REALTIME, 1'000'000);
    run.require(pthread_rwlock_timedrdlock(&lock, &soon) == ETIMEDOUT, "timedrdlock");
    run.require(pthread_rwlock_timedwrlock(&lock, &soon) == ETIMEDOUT, "timedwrlock");
    soon = in_the_future(CLOCK_MONOTONIC, 1'000'000);
    run.require(pthread_rwlock_clockrdlock(&lock, CLOCK_MONOTONIC, &soon) == ETIMEDOUT,
                "clockrdlock");
    run.require(pthread_rwlock_clockwrlock(&lock, CLOCK_MONOTONIC, &soon) == ETIMEDOUT,
                "clockwrlock");
    const timespec wrong = {0, -1};
    run.require(pthread_rwlock_timedrdlock(&lock, &wrong) == EINVAL, "a time that is none");
  });
  run.join();
  pthread_rwlock_unlock(&lock);
  const timespec past = {};
  run.require(pthread_rwlock_timedrdlock(&lock, &past) == 0, "a free one is taken at any time");
  pthread_rwlock_unlock(&lock);
});

const Specimen upgrade({.name = "PthreadRwlock.ReaderWantsToWrite", .violates = Kind::kDeadlock},
                       [](Run&) {
                         pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
                         pthread_rwlock_rdlock(&lock);
                         pthread_rwlock_wrlock(&lock);
                       });

const Specimen nobody({.name = "PthreadRwlock.UnlockedThoughFree",
                       .violates = Kind::kMisuse,
                       .says = "nobody holds"},
                      [](Run&) {
                        pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
                        pthread_rwlock_unlock(&lock);
                      });

}  // namespace
}  // namespace weft::suite
