// pthread mutexes of every type, with what they return; spin locks.
#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <cerrno>
#include <ctime>

#include "stress/explore/suite/clocks.h"
#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

class Mutex {
 public:
  explicit Mutex(int type) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, type);
    pthread_mutex_init(&mutex_, &attributes);
    pthread_mutexattr_destroy(&attributes);
  }
  ~Mutex() { pthread_mutex_destroy(&mutex_); }
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;
  pthread_mutex_t* get() { return &mutex_; }

 private:
  pthread_mutex_t mutex_;
};

template <int type>
void exclude(Run& run) {
  Mutex mutex(type);
  int value = 0;
  const auto add = [&] {
    run.require(pthread_mutex_lock(mutex.get()) == 0, "it is locked");
    ++value;
    run.require(pthread_mutex_unlock(mutex.get()) == 0, "it is unlocked");
  };
  run.thread(add);
  run.thread(add);
  run.join();
  run.require(value == 2, "nothing is lost");
}

const Specimen normal({.name = "PthreadMutex.NormalExcludes", .holds = true},
                      exclude<PTHREAD_MUTEX_NORMAL>);
const Specimen errorcheck({.name = "PthreadMutex.ErrorCheckingExcludes", .holds = true},
                          exclude<PTHREAD_MUTEX_ERRORCHECK>);
const Specimen recursive({.name = "PthreadMutex.RecursiveExcludes", .holds = true},
                         exclude<PTHREAD_MUTEX_RECURSIVE>);
const Specimen adaptive({.name = "PthreadMutex.AdaptiveExcludes", .holds = true},
                        exclude<PTHREAD_MUTEX_ADAPTIVE_NP>);

const Specimen codes(
    {.name = "PthreadMutex.ErrorCheckingTellsMisuse",
     .holds = true,
     .explored_only = "ThreadSanitizer reports misuse that is told by a code"},
    [](Run& run) {
      Mutex mutex(PTHREAD_MUTEX_ERRORCHECK);
      run.require(pthread_mutex_unlock(mutex.get()) == EPERM, "unlocking a free one");
      pthread_mutex_lock(mutex.get());
      run.require(pthread_mutex_lock(mutex.get()) == EDEADLK, "locking again");
      run.require(pthread_mutex_trylock(mutex.get()) == EBUSY, "trying again");
      const timespec soon = in_the_future(CLOCK_REALTIME, 1'000'000);
      run.require(pthread_mutex_timedlock(mutex.get(), &soon) == EDEADLK,
                  "locking again with a time-out");
      run.thread([&] {
        run.require(pthread_mutex_unlock(mutex.get()) == EPERM, "unlocking another's");
        run.require(pthread_mutex_trylock(mutex.get()) == EBUSY, "trying another's");
      });
      run.join();
      run.require(pthread_mutex_unlock(mutex.get()) == 0, "unlocking one's own");
    });

const Specimen recursive_codes(
    {.name = "PthreadMutex.RecursiveCounts",
     .holds = true,
     .explored_only = "ThreadSanitizer reports misuse that is told by a code"},
    [](Run& run) {
      Mutex mutex(PTHREAD_MUTEX_RECURSIVE);
      run.require(pthread_mutex_lock(mutex.get()) == 0, "once");
      run.require(pthread_mutex_trylock(mutex.get()) == 0, "twice");
      const timespec past = {};
      run.require(pthread_mutex_timedlock(mutex.get(), &past) == 0, "three times");
      for (int i = 0; i < 3; ++i) {
        run.thread(
            [&] { run.require(pthread_mutex_trylock(mutex.get()) == EBUSY, "held by another"); });
        run.join();
        run.require(pthread_mutex_unlock(mutex.get()) == 0, "as often unlocked");
      }
      run.require(pthread_mutex_unlock(mutex.get()) == EPERM, "and then no more");
    });

const Specimen timed({.name = "PthreadMutex.TimedFormsGiveUp", .holds = true}, [](Run& run) {
  Mutex mutex(PTHREAD_MUTEX_NORMAL);
  pthread_mutex_lock(mutex.get());
  run.thread([&] {
    timespec soon = in_the_future(CLOCK_REALTIME, 1'000'000);
    run.require(pthread_mutex_timedlock(mutex.get(), &soon) == ETIMEDOUT, "timedlock");
    soon = in_the_future(CLOCK_MONOTONIC, 1'000'000);
    run.require(pthread_mutex_clocklock(mutex.get(), CLOCK_MONOTONIC, &soon) == ETIMEDOUT,
                "clocklock by the monotonic clock");
    soon = in_the_future(CLOCK_REALTIME, 1'000'000);
    run.require(pthread_mutex_clocklock(mutex.get(), CLOCK_REALTIME, &soon) == ETIMEDOUT,
                "clocklock by the time of day");
    const timespec wrong = {0, 1'000'000'000};
    run.require(pthread_mutex_timedlock(mutex.get(), &wrong) == EINVAL, "a time that is none");
  });
  run.join();
  pthread_mutex_unlock(mutex.get());
});

const Specimen self_timed(
    {.name = "PthreadMutex.ItsHolderWaitsForItselfWithATimeOut", .holds = true}, [](Run& run) {
      Mutex mutex(PTHREAD_MUTEX_NORMAL);
      pthread_mutex_lock(mutex.get());
      const timespec soon = in_the_future(CLOCK_REALTIME, 1'000'000);
      run.require(pthread_mutex_timedlock(mutex.get(), &soon) == ETIMEDOUT, "only time ends that");
      pthread_mutex_unlock(mutex.get());
    });

const Specimen initialisers({.name = "PthreadMutex.StaticInitialisers", .holds = true},
                            [](Run& run) {
                              pthread_mutex_t plain = PTHREAD_MUTEX_INITIALIZER;
                              pthread_mutex_t again = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
                              pthread_mutex_t check = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
                              pthread_mutex_lock(&plain);
                              run.require(pthread_mutex_trylock(&plain) == EBUSY, "a plain one");
                              pthread_mutex_unlock(&plain);
                              pthread_mutex_lock(&again);
                              run.require(pthread_mutex_lock(&again) == 0, "a recursive one");
                              pthread_mutex_unlock(&again);
                              pthread_mutex_unlock(&again);
                              pthread_mutex_lock(&check);
                              run.require(pthread_mutex_lock(&check) == EDEADLK, "one that checks");
                              pthread_mutex_unlock(&check);
                            });

const Specimen spin({.name = "PthreadSpin.Excludes", .holds = true}, [](Run& run) {
  pthread_spinlock_t lock;
  pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
  int value = 0;
  const auto add = [&] {
    pthread_spin_lock(&lock);
    ++value;
    pthread_spin_unlock(&lock);
  };
  run.thread(add);
  run.thread(add);
  run.join();
  run.require(value == 2, "nothing is lost");
  run.require(pthread_spin_trylock(&lock) == 0, "a free one is taken");
  run.require(pthread_spin_trylock(&lock) == EBUSY, "a taken one is not");
  pthread_spin_unlock(&lock);
  run.require(pthread_spin_destroy(&lock) == 0, "it is destroyed");
});

const Specimen spin_twice({.name = "PthreadSpin.LockedTwice",
                           .violates = Kind::kDeadlock,
                           .says = "locks again what it holds"},
                          [](Run&) {
                            pthread_spinlock_t lock;
                            pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
                            pthread_spin_lock(&lock);
                            pthread_spin_lock(&lock);
                          });

const Specimen stranger({.name = "PthreadMutex.UnlockedByAStranger",
                         .violates = Kind::kMisuse,
                         .says = "a thread that does not hold it"},
                        [](Run& run) {
                          pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
                          pthread_mutex_lock(&mutex);
                          run.thread([&] { pthread_mutex_unlock(&mutex); });
                          run.join();
                        });

const Specimen ignored({.name = "PthreadMutex.RecursiveNotGivenBack",
                        .violates = Kind::kDeadlock,
                        .says = "held by first"},
                       [](Run& run) {
                         Mutex mutex(PTHREAD_MUTEX_RECURSIVE);
                         run.thread("first", [&] { pthread_mutex_lock(mutex.get()); });
                         run.join();
                         run.thread("second", [&] { pthread_mutex_lock(mutex.get()); });
                         run.join();
                       });

// A robust one: whose holder ends, of that the next one is told, which is not modelled.
struct Robust {
  pthread_mutex_t mutex;
  Robust() {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
  }
};

const Specimen robust({.name = "PthreadMutex.RobustExcludes", .holds = true}, [](Run& run) {
  Robust robust;
  int value = 0;
  const auto add = [&] {
    pthread_mutex_lock(&robust.mutex);
    ++value;
    pthread_mutex_unlock(&robust.mutex);
  };
  run.thread(add);
  run.thread(add);
  run.join();
  run.require(value == 2, "nothing is lost");
  pthread_mutex_destroy(&robust.mutex);
});

// By a thread that has ended.
void leave_held(Run& run, Robust& robust) {
  run.thread([&] { pthread_mutex_lock(&robust.mutex); });
  run.join();
}

const Specimen abandoned({.name = "PthreadMutex.RobustOfAnEndedHolderIsLocked",
                          .violates = Kind::kNotModelled,
                          .says = "a robust mutex whose holder has ended"},
                         [](Run& run) {
                           Robust robust;
                           leave_held(run, robust);
                           pthread_mutex_lock(&robust.mutex);
                         });
const Specimen tried({.name = "PthreadMutex.RobustOfAnEndedHolderIsTried",
                      .violates = Kind::kNotModelled,
                      .says = "a robust mutex whose holder has ended"},
                     [](Run& run) {
                       Robust robust;
                       leave_held(run, robust);
                       pthread_mutex_trylock(&robust.mutex);
                     });
const Specimen awaited({.name = "PthreadMutex.RobustIsWaitedForWhenItsHolderEnds",
                        .violates = Kind::kNotModelled,
                        .says = "a robust mutex whose holder has ended"},
                       [](Run& run) {
                         Robust robust;
                         std::atomic<bool> waits = false;
                         run.thread([&] {
                           pthread_mutex_lock(&robust.mutex);
                           while (!waits) sched_yield();
                         });
                         run.thread([&] {
                           if (pthread_mutex_trylock(&robust.mutex) == 0) {
                             pthread_mutex_unlock(&robust.mutex);
                             waits = true;
                             return;
                           }
                           waits = true;
                           pthread_mutex_lock(&robust.mutex);
                         });
                         run.join();
                       });

}  // namespace
}  // namespace weft::suite
