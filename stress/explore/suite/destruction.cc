// Objects that end while they are in use, or are used when they have ended.
#include <pthread.h>
#include <semaphore.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <new>

#include "stress/explore/suite/specimen.h"
#include "stress/weft.h"

namespace weft::suite {
namespace {

const Specimen held_mutex({.name = "Destruction.MutexThatIsHeld",
                           .violates = Kind::kMisuse,
                           .says = "a mutex was destroyed while a thread holds it: body: destroy "
                                   "mutex 1, held by holder"},
                          [](Run& run) {
                            pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
                            run.thread("holder", [&] { pthread_mutex_lock(&mutex); });
                            run.join();
                            pthread_mutex_destroy(&mutex);
                          });

const Specimen wanted_mutex({.name = "Destruction.MutexThatIsWaitedFor",
                             .violates = Kind::kMisuse,
                             .says = "a mutex was destroyed while a thread waits for it"},
                            [](Run& run) {
                              pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
                              run.thread([&] { pthread_mutex_lock(&mutex); });
                              run.thread([&] {
                                pthread_mutex_lock(&mutex);
                                // In between, the other one would have it: another mistake.
                                weft_atomic_begin();
                                pthread_mutex_unlock(&mutex);
                                pthread_mutex_destroy(&mutex);
                                weft_atomic_end();
                              });
                              run.join();
                            });

const Specimen read_lock({.name = "Destruction.SharedMutexThatIsShared",
                          .violates = Kind::kMisuse,
                          .says = "a shared mutex was destroyed while a thread shares it"},
                         [](Run&) {
                           pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
                           pthread_rwlock_rdlock(&lock);
                           pthread_rwlock_destroy(&lock);
                         });

const Specimen spin_lock({.name = "Destruction.SpinLockThatIsHeld",
                          .violates = Kind::kMisuse,
                          .says = "a spin lock was destroyed while a thread holds it"},
                         [](Run&) {
                           pthread_spinlock_t lock;
                           pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
                           pthread_spin_lock(&lock);
                           pthread_spin_destroy(&lock);
                         });

const Specimen semaphore({.name = "Destruction.SemaphoreThatIsWaitedFor",
                          .violates = Kind::kMisuse,
                          .says = "a semaphore was destroyed while a thread waits for it"},
                         [](Run& run) {
                           sem_t semaphore;
                           sem_init(&semaphore, 0, 0);
                           run.thread([&] { sem_wait(&semaphore); });
                           run.thread([&] { sem_destroy(&semaphore); });
                           run.join();
                         });

const Specimen barrier({.name = "Destruction.BarrierThatIsWaitedAt",
                        .violates = Kind::kMisuse,
                        .says = "a barrier was destroyed while a thread waits for it"},
                       [](Run& run) {
                         pthread_barrier_t barrier;
                         pthread_barrier_init(&barrier, nullptr, 2);
                         run.thread([&] { pthread_barrier_wait(&barrier); });
                         run.thread([&] { pthread_barrier_destroy(&barrier); });
                         run.join();
                       });

const Specimen freed_mutex({.name = "Destruction.FreedWithAMutexThatIsHeld",
                            .violates = Kind::kMisuse,
                            .says = "memory was freed with a mutex in it, while a thread holds it"},
                           [](Run& run) {
                             auto mutex = std::make_unique<std::mutex>();
                             run.thread([&] { mutex->lock(); });
                             run.join();
                             mutex.reset();
                           });

const Specimen freed_wanted(
    {.name = "Destruction.FreedWithAMutexThatIsWaitedFor",
     .violates = Kind::kMisuse,
     .says = "memory was freed with a mutex in it, while a thread waits for it"},
    [](Run& run) {
      struct Door {
        char name[100];
        std::mutex mutex;
      };
      auto* const door = new Door;
      run.thread([&] { door->mutex.lock(); });
      run.thread([&] {
        door->mutex.lock();
        door->mutex.unlock();
        delete door;
      });
      run.join();
    });

const Specimen ended_stack({.name = "Destruction.HeldWhenItsStackEnded",
                            .violates = Kind::kMisuse,
                            .says = "a lock was still held when the stack that it lies on ended: "
                                    "forgetful held mutex 1"},
                           [](Run& run) {
                             std::mutex mutex;
                             run.thread("forgetful", [&] { mutex.lock(); });
                             run.join();
                           });

template <class Object, int (*destroy)(Object*), int (*use)(Object*)>
void use_destroyed(Object& object) {
  destroy(&object);
  use(&object);
}

const Specimen mutex_after(
    {.name = "Destruction.MutexUsedAfterwards",
     .violates = Kind::kMisuse,
     .says = "a mutex is used that was destroyed: body: lock mutex 1"},
    [](Run&) {
      pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
      use_destroyed<pthread_mutex_t, pthread_mutex_destroy, pthread_mutex_lock>(mutex);
    });
const Specimen condition_after(
    {.name = "Destruction.ConditionUsedAfterwards",
     .violates = Kind::kMisuse,
     .says = "a condition is used that was destroyed"},
    [](Run&) {
      pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
      use_destroyed<pthread_cond_t, pthread_cond_destroy, pthread_cond_signal>(condition);
    });
const Specimen lock_after(
    {.name = "Destruction.SharedMutexUsedAfterwards",
     .violates = Kind::kMisuse,
     .says = "a shared mutex is used that was destroyed"},
    [](Run&) {
      pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
      use_destroyed<pthread_rwlock_t, pthread_rwlock_destroy, pthread_rwlock_rdlock>(lock);
    });
const Specimen semaphore_after({.name = "Destruction.SemaphoreUsedAfterwards",
                                .violates = Kind::kMisuse,
                                .says = "a semaphore is used that was destroyed"},
                               [](Run&) {
                                 sem_t semaphore;
                                 sem_init(&semaphore, 0, 1);
                                 use_destroyed<sem_t, sem_destroy, sem_wait>(semaphore);
                               });
const Specimen barrier_after(
    {.name = "Destruction.BarrierUsedAfterwards",
     .violates = Kind::kMisuse,
     .says = "a barrier is used that was destroyed"},
    [](Run&) {
      pthread_barrier_t barrier;
      pthread_barrier_init(&barrier, nullptr, 1);
      use_destroyed<pthread_barrier_t, pthread_barrier_destroy, pthread_barrier_wait>(barrier);
    });

// --- Right -----------------------------------------------------------------------

const Specimen again({.name = "Destruction.InitialisedAgain", .holds = true}, [](Run& run) {
  pthread_mutex_t mutex;
  sem_t semaphore;
  pthread_rwlock_t lock;
  pthread_barrier_t barrier;
  pthread_spinlock_t spin;
  for (int round = 0; round < 2; ++round) {
    pthread_mutex_init(&mutex, nullptr);
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    pthread_mutex_destroy(&mutex);
    mutex = PTHREAD_MUTEX_INITIALIZER;
    run.require(pthread_mutex_trylock(&mutex) == 0, "without a function, too");
    pthread_mutex_unlock(&mutex);
    pthread_mutex_destroy(&mutex);
    sem_init(&semaphore, 0, 1);
    sem_wait(&semaphore);
    sem_destroy(&semaphore);
    pthread_rwlock_init(&lock, nullptr);
    pthread_rwlock_wrlock(&lock);
    pthread_rwlock_unlock(&lock);
    pthread_rwlock_destroy(&lock);
    pthread_barrier_init(&barrier, nullptr, 1);
    pthread_barrier_wait(&barrier);
    pthread_barrier_destroy(&barrier);
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    pthread_spin_lock(&spin);
    pthread_spin_unlock(&spin);
    pthread_spin_destroy(&spin);
  }
});

// One lies where another one was.
const Specimen same_place(
    {.name = "Destruction.AnotherAtTheSamePlace", .holds = true}, [](Run& run) {
      alignas(std::condition_variable) char place[sizeof(std::condition_variable)];
      for (int round = 0; round < 2; ++round) {
        auto* condition = new (place) std::condition_variable;
        condition->notify_all();
        std::destroy_at(condition);
      }
      for (int round = 0; round < 2; ++round) {
        const auto mutex = std::make_unique<std::mutex>();
        run.require(mutex->try_lock(), "a new one is free");
        mutex->unlock();
      }
    });

// The last one out frees it: nobody is in there any more.
const Specimen last_one_out({.name = "Destruction.FreedByTheLastUser", .holds = true},
                            [](Run& run) {
                              auto shared = std::make_shared<std::mutex>();
                              for (int i = 0; i < 2; ++i) {
                                run.thread([own = shared] { const std::lock_guard hold(*own); });
                              }
                              shared.reset();
                              run.join();
                            });

}  // namespace
}  // namespace weft::suite
