// C11's threads, mutexes, conditions, thread-specific storage and call_once.
#include <threads.h>

#include <ctime>

#include "stress/explore/suite/clocks.h"
#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

constexpr const char* kNotForThreadSanitizer = "ThreadSanitizer does not know C11's threads";

struct Counter {
  mtx_t mutex;
  int value = 0;
};

const Specimen threads(
    {.name = "CThreads.ExcludeEachOther", .holds = true, .explored_only = kNotForThreadSanitizer},
    [](Run& run) {
      Counter counter;
      mtx_init(&counter.mutex, mtx_plain);
      thrd_t made[2];
      for (thrd_t& thread : made) {
        const int error = thrd_create(
            &thread,
            [](void* given) {
              auto* counter = static_cast<Counter*>(given);
              mtx_lock(&counter->mutex);
              ++counter->value;
              mtx_unlock(&counter->mutex);
              return 7;
            },
            &counter);
        run.require(error == thrd_success, "it is made");
      }
      for (thrd_t thread : made) {
        int result = 0;
        run.require(thrd_join(thread, &result) == thrd_success && result == 7,
                    "its result arrives");
      }
      run.require(counter.value == 2, "nothing is lost");
      run.require(mtx_trylock(&counter.mutex) == thrd_success, "a free one is taken");
      run.require(mtx_trylock(&counter.mutex) == thrd_busy, "a taken one is not");
      mtx_unlock(&counter.mutex);
      mtx_destroy(&counter.mutex);
      run.require(thrd_equal(thrd_current(), thrd_current()), "a thread is itself");
    });

const Specimen exits({.name = "CThreads.ExitAndDetach",
                      .holds = true,
                      .explored_only = kNotForThreadSanitizer},
                     [](Run& run) {
                       thrd_t thread;
                       thrd_create(&thread, [](void*) -> int { thrd_exit(9); }, nullptr);
                       int result = 0;
                       thrd_join(thread, &result);
                       run.require(result == 9, "thrd_exit's number is the result");
                       thrd_create(
                           &thread,
                           [](void*) {
                             thrd_yield();
                             const timespec moment = {0, 1000};
                             return thrd_sleep(&moment, nullptr);
                           },
                           nullptr);
                       run.require(thrd_detach(thread) == thrd_success, "it is detached");
                     });

const Specimen timed(
    {.name = "CThreads.TimedFormsGiveUp", .holds = true, .explored_only = kNotForThreadSanitizer},
    [](Run& run) {
      Counter counter;
      mtx_init(&counter.mutex, mtx_timed | mtx_recursive);
      mtx_lock(&counter.mutex);
      run.require(mtx_lock(&counter.mutex) == thrd_success, "a recursive one is locked again");
      mtx_unlock(&counter.mutex);
      thrd_t thread;
      thrd_create(
          &thread,
          [](void* given) {
            const timespec soon = in_the_future(CLOCK_REALTIME, 1'000'000);
            return mtx_timedlock(&static_cast<Counter*>(given)->mutex, &soon);
          },
          &counter);
      int result = 0;
      thrd_join(thread, &result);
      run.require(result == thrd_timedout, "mtx_timedlock gives up");
      cnd_t condition;
      cnd_init(&condition);
      const timespec soon = in_the_future(CLOCK_REALTIME, 1'000'000);
      while ((result = cnd_timedwait(&condition, &counter.mutex, &soon)) == thrd_success) {
      }
      run.require(result == thrd_timedout, "cnd_timedwait gives up");
      mtx_unlock(&counter.mutex);
      cnd_destroy(&condition);
      mtx_destroy(&counter.mutex);
    });

struct Box {
  mtx_t mutex;
  cnd_t condition;
  bool ready = false;
};

const Specimen condition({.name = "CThreads.ConditionHandsOver",
                          .holds = true,
                          .explored_only = kNotForThreadSanitizer},
                         [](Run& run) {
                           Box box;
                           mtx_init(&box.mutex, mtx_plain);
                           cnd_init(&box.condition);
                           thrd_t waiters[2];
                           for (thrd_t& waiter : waiters) {
                             thrd_create(
                                 &waiter,
                                 [](void* given) {
                                   auto* box = static_cast<Box*>(given);
                                   mtx_lock(&box->mutex);
                                   while (!box->ready) cnd_wait(&box->condition, &box->mutex);
                                   return mtx_unlock(&box->mutex);
                                 },
                                 &box);
                           }
                           mtx_lock(&box.mutex);
                           box.ready = true;
                           mtx_unlock(&box.mutex);
                           cnd_signal(&box.condition);
                           cnd_broadcast(&box.condition);
                           for (thrd_t waiter : waiters) {
                             int result = thrd_error;
                             thrd_join(waiter, &result);
                             run.require(result == thrd_success, "each waiter ends");
                           }
                           cnd_destroy(&box.condition);
                           mtx_destroy(&box.mutex);
                         });

tss_t storage;
int* once_count = nullptr;

const Specimen specific(
    {.name = "CThreads.StorageAndOnce", .holds = true, .explored_only = kNotForThreadSanitizer},
    [](Run& run) {
      int destroyed = 0;
      run.require(
          tss_create(&storage, [](void* value) { ++*static_cast<int*>(value); }) == thrd_success,
          "it is made");
      thrd_t thread;
      thrd_create(
          &thread,
          [](void* value) {
            if (tss_get(storage) != nullptr) return 1;
            tss_set(storage, value);
            return tss_get(storage) == value ? 0 : 1;
          },
          &destroyed);
      int wrong = 1;
      thrd_join(thread, &wrong);
      run.require(wrong == 0, "a thread has its own value");
      run.require(destroyed == 1, "its destructor runs");
      tss_delete(storage);
      once_flag once = ONCE_FLAG_INIT;
      int count = 0;
      once_count = &count;
      for (int i = 0; i < 2; ++i) call_once(&once, [] { ++*once_count; });
      run.require(count == 1, "call_once runs once");
    });

const Specimen twice({.name = "CThreads.LockedTwice",
                      .violates = Kind::kDeadlock,
                      .says = "locks again what it holds"},
                     [](Run&) {
                       mtx_t mutex;
                       mtx_init(&mutex, mtx_plain);
                       mtx_lock(&mutex);
                       mtx_lock(&mutex);
                     });

const Specimen unsignalled(
    {.name = "CThreads.NobodySignals", .violates = Kind::kDeadlock, .says = "condition"}, [](Run&) {
      Box box;
      mtx_init(&box.mutex, mtx_plain);
      cnd_init(&box.condition);
      mtx_lock(&box.mutex);
      while (!box.ready) cnd_wait(&box.condition, &box.mutex);
    });

}  // namespace
}  // namespace weft::suite
