// pthread conditions, barriers and pthread_once.
#include <pthread.h>

#include <cerrno>

#include "stress/explore/suite/clocks.h"
#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

const Specimen hands_over({.name = "PthreadCond.HandsOver", .holds = true}, [](Run& run) {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  bool ready = false;
  run.thread([&] {
    pthread_mutex_lock(&mutex);
    while (!ready) pthread_cond_wait(&condition, &mutex);
    pthread_mutex_unlock(&mutex);
  });
  run.thread([&] {
    pthread_mutex_lock(&mutex);
    ready = true;
    pthread_cond_signal(&condition);
    pthread_mutex_unlock(&mutex);
  });
  run.join();
  run.require(pthread_cond_destroy(&condition) == 0, "it is destroyed");
});

template <clockid_t clock>
void give_up_by_clock(Run& run) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, clock);
  pthread_cond_t condition;
  pthread_cond_init(&condition, &attributes);
  pthread_condattr_destroy(&attributes);
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&mutex);
  // By the wrong clock this would be long ago or in decades.
  const timespec soon = in_the_future(clock, 2'000'000);
  int ended;
  // It may end for no reason, but not by time before its time.
  while ((ended = pthread_cond_timedwait(&condition, &mutex, &soon)) == 0) {
  }
  run.require(ended == ETIMEDOUT, "it ends by time");
  timespec now;
  clock_gettime(clock, &now);
  run.require(
      now.tv_sec > soon.tv_sec || (now.tv_sec == soon.tv_sec && now.tv_nsec >= soon.tv_nsec),
      "not before its time");
  run.require(now.tv_sec - soon.tv_sec < 3600, "and not long after");
  const timespec wrong = {0, 1'000'000'000};
  run.require(pthread_cond_timedwait(&condition, &mutex, &wrong) == EINVAL, "a time that is none");
  pthread_mutex_unlock(&mutex);
  pthread_cond_destroy(&condition);
}

const Specimen monotonic({.name = "PthreadCond.TimedByTheMonotonicClock", .holds = true},
                         give_up_by_clock<CLOCK_MONOTONIC>);
const Specimen realtime({.name = "PthreadCond.TimedByTheTimeOfDay", .holds = true},
                        give_up_by_clock<CLOCK_REALTIME>);

const Specimen clockwait({.name = "PthreadCond.ClockwaitIgnoresItsClock", .holds = true},
                         [](Run& run) {
                           pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
                           pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
                           pthread_mutex_lock(&mutex);
                           const timespec soon = in_the_future(CLOCK_MONOTONIC, 2'000'000);
                           int ended;
                           while ((ended = pthread_cond_clockwait(&condition, &mutex,
                                                                  CLOCK_MONOTONIC, &soon)) == 0) {
                           }
                           run.require(ended == ETIMEDOUT, "it ends by time");
                           pthread_mutex_unlock(&mutex);
                         });

const Specimen depth({.name = "PthreadCond.GivesUpARecursiveMutex", .holds = true}, [](Run& run) {
  pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  bool ready = false;
  run.thread([&] {
    pthread_mutex_lock(&mutex);
    while (!ready) pthread_cond_wait(&condition, &mutex);
    run.require(pthread_mutex_trylock(&mutex) == 0, "it is held again, as it was");
    pthread_mutex_unlock(&mutex);
    pthread_mutex_unlock(&mutex);
  });
  run.thread([&] {
    pthread_mutex_lock(&mutex);
    ready = true;
    pthread_mutex_unlock(&mutex);
    pthread_cond_broadcast(&condition);
  });
  run.join();
  run.require(pthread_mutex_trylock(&mutex) == 0, "in the end nobody holds it");
  pthread_mutex_unlock(&mutex);
});

const Specimen without({.name = "PthreadCond.WaitedOnWithoutItsMutex",
                        .violates = Kind::kMisuse,
                        .says = "without its mutex held"},
                       [](Run&) {
                         pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
                         pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
                         pthread_cond_wait(&condition, &mutex);
                       });

const Specimen destroyed({.name = "PthreadCond.DestroyedWhileWaitedOn",
                          .violates = Kind::kMisuse,
                          .says = "a condition was destroyed while a thread waits for it"},
                         [](Run& run) {
                           pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
                           pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
                           run.thread([&] {
                             pthread_mutex_lock(&mutex);
                             pthread_cond_wait(&condition, &mutex);
                             pthread_mutex_unlock(&mutex);
                           });
                           run.thread([&] { pthread_cond_destroy(&condition); });
                           run.join();
                         });

const Specimen signal_one({.name = "PthreadCond.OneSignalForTwo",
                           .violates = Kind::kDeadlock,
                           .says = "condition"},
                          [](Run& run) {
                            pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
                            pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
                            bool ready = false;
                            const auto wait = [&] {
                              pthread_mutex_lock(&mutex);
                              while (!ready) pthread_cond_wait(&condition, &mutex);
                              pthread_mutex_unlock(&mutex);
                            };
                            run.thread(wait);
                            run.thread(wait);
                            run.thread([&] {
                              pthread_mutex_lock(&mutex);
                              ready = true;
                              pthread_cond_signal(&condition);
                              pthread_mutex_unlock(&mutex);
                            });
                            run.join();
                          });

const Specimen barrier(
    {.name = "PthreadBarrier.OneOfThemIsTheSerialOne", .holds = true}, [](Run& run) {
      pthread_barrier_t barrier;
      run.require(pthread_barrier_init(&barrier, nullptr, 0) == EINVAL, "a barrier for nobody");
      pthread_barrier_init(&barrier, nullptr, 2);
      int serial[2] = {};
      for (int i = 0; i < 2; ++i) {
        run.thread([&, i] {
          for (int phase = 0; phase < 2; ++phase) {
            const int result = pthread_barrier_wait(&barrier);
            run.require(result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD, "it is passed");
            serial[i] += result == PTHREAD_BARRIER_SERIAL_THREAD ? 1 : 0;
          }
        });
      }
      run.join();
      run.require(serial[0] + serial[1] == 2, "one each time is the serial one");
      pthread_barrier_destroy(&barrier);
    });

const Specimen too_few({.name = "PthreadBarrier.OneTooFewArrive",
                        .violates = Kind::kDeadlock,
                        .says = "barrier"},
                       [](Run& run) {
                         pthread_barrier_t barrier;
                         pthread_barrier_init(&barrier, nullptr, 3);
                         for (int i = 0; i < 2; ++i)
                           run.thread([&] { pthread_barrier_wait(&barrier); });
                         run.join();
                       });

thread_local int* once_calls = nullptr;
pthread_once_t calls_itself = PTHREAD_ONCE_INIT;

const Specimen once({.name = "PthreadOnce.RunsOnce", .holds = true}, [](Run& run) {
  pthread_once_t once = PTHREAD_ONCE_INIT;
  int calls = 0;
  const auto call = [&] {
    once_calls = &calls;
    pthread_once(&once, [] { ++*once_calls; });
    run.require(calls == 1, "it has run when pthread_once returns");
  };
  run.thread(call);
  run.thread(call);
  run.join();
});

const Specimen once_itself(
    {.name = "PthreadOnce.CallsItself", .violates = Kind::kDeadlock, .says = "calls itself"},
    [](Run&) { pthread_once(&calls_itself, [] { pthread_once(&calls_itself, [] {}); }); });

}  // namespace
}  // namespace weft::suite
