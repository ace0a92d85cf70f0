// POSIX semaphores.
#include <semaphore.h>

#include <cerrno>

#include "stress/explore/suite/clocks.h"
#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

const Specimen bounds({.name = "Sem.LetsInNoMoreThanItsPermits", .holds = true}, [](Run& run) {
  sem_t semaphore;
  sem_init(&semaphore, 0, 1);
  int inside = 0;
  const auto enter = [&] {
    run.require(sem_wait(&semaphore) == 0, "a permit is taken");
    run.require(++inside == 1, "one permit lets in one");
    --inside;
    run.require(sem_post(&semaphore) == 0, "and given back");
  };
  run.thread(enter);
  run.thread(enter);
  run.join();
  int value = -1;
  sem_getvalue(&semaphore, &value);
  run.require(value == 1, "in the end it is as at first");
  run.require(sem_destroy(&semaphore) == 0, "it is destroyed");
});

const Specimen codes({.name = "Sem.TellsWhyNot", .holds = true}, [](Run& run) {
  sem_t semaphore;
  sem_init(&semaphore, 0, 0);
  run.thread([&] {
    errno = 0;
    run.require(sem_trywait(&semaphore) == -1 && errno == EAGAIN, "no permit");
    timespec soon = in_the_future(CLOCK_REALTIME, 1'000'000);
    run.require(sem_timedwait(&semaphore, &soon) == -1 && errno == ETIMEDOUT, "timedwait gives up");
    soon = in_the_future(CLOCK_MONOTONIC, 1'000'000);
    run.require(sem_clockwait(&semaphore, CLOCK_MONOTONIC, &soon) == -1 && errno == ETIMEDOUT,
                "clockwait gives up");
    const timespec wrong = {0, -1};
    run.require(sem_timedwait(&semaphore, &wrong) == -1 && errno == EINVAL, "a time that is none");
  });
  run.join();
  sem_post(&semaphore);
  const timespec past = {};
  run.require(sem_timedwait(&semaphore, &past) == 0, "a permit is taken at any time");
  sem_destroy(&semaphore);
  sem_init(&semaphore, 0, SEM_VALUE_MAX);
  run.require(sem_post(&semaphore) == -1 && errno == EOVERFLOW, "one permit too many");
  sem_destroy(&semaphore);
});

const Specimen nobody({.name = "Sem.NobodyPosts", .violates = Kind::kDeadlock, .says = "semaphore"},
                      [](Run& run) {
                        sem_t semaphore;
                        sem_init(&semaphore, 0, 1);
                        for (int i = 0; i < 2; ++i) run.thread([&] { sem_wait(&semaphore); });
                        run.join();
                      });

}  // namespace
}  // namespace weft::suite
