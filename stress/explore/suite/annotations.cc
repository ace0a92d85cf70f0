// What headers tell ThreadSanitizer where they see -fsanitize=thread: the runtime takes it as that
// does.
#include <atomic>
#include <cstddef>
#include <mutex>
#include <string_view>

#include "stress/explore/suite/specimen.h"

// Weak: other modes have nobody who defines them, and call none of them.
#define WEAK [[gnu::weak]]
extern "C" {
WEAK void __tsan_acquire(void* address);
WEAK void __tsan_release(void* address);
WEAK void __tsan_mutex_create(void* address, unsigned flags);
WEAK void __tsan_mutex_destroy(void* address, unsigned flags);
WEAK void __tsan_mutex_pre_lock(void* address, unsigned flags);
WEAK void __tsan_mutex_post_lock(void* address, unsigned flags, int recursion);
WEAK int __tsan_mutex_pre_unlock(void* address, unsigned flags);
WEAK void __tsan_mutex_post_unlock(void* address, unsigned flags);
WEAK void AnnotateHappensBefore(const char* file, int line, const volatile void* address);
WEAK void AnnotateHappensAfter(const char* file, int line, const volatile void* address);
WEAK void AnnotateIgnoreReadsBegin(const char* file, int line);
WEAK void AnnotateIgnoreReadsEnd(const char* file, int line);
WEAK void AnnotateIgnoreWritesBegin(const char* file, int line);
WEAK void AnnotateIgnoreWritesEnd(const char* file, int line);
WEAK void AnnotateBenignRace(const char* file, int line, const volatile void* address,
                             const char* why);
WEAK void AnnotateBenignRaceSized(const char* file, int line, const volatile void* address,
                                  std::size_t size, const char* why);
WEAK void AnnotateNewMemory(const char* file, int line, const volatile void* address,
                            std::size_t size);
WEAK void AnnotateRWLockAcquired(const char* file, int line, const volatile void* address,
                                 long writes);
WEAK void AnnotateRWLockReleased(const char* file, int line, const volatile void* address,
                                 long writes);
WEAK void AnnotateThreadName(const char* file, int line, const char* name);
}

namespace weft::suite {
namespace {

constexpr std::string_view kWhy = "only the explorer's functions are meant";

#define HERE __FILE__, __LINE__

struct Flag {
  std::atomic<bool> set = false;
  int number = 0;
};

// A relaxed flag orders nothing, so what the annotations say is all that does.
template <class Tell, class Hear>
void hand_over(Run& run, Tell tell, Hear hear) {
  Flag flag;
  run.thread("teller", [&] {
    flag.number = 1;
    tell(&flag);
    flag.set.store(true, std::memory_order_relaxed);
  });
  run.thread("hearer", [&] {
    if (!flag.set.load(std::memory_order_relaxed)) return;
    hear(&flag);
    run.require(flag.number == 1, "");
  });
  run.join();
}

void nothing(Flag*) {}
void release(Flag* flag) { __tsan_release(flag); }
void acquire(Flag* flag) { __tsan_acquire(flag); }
void before(Flag* flag) { AnnotateHappensBefore(HERE, flag); }
void after(Flag* flag) { AnnotateHappensAfter(HERE, flag); }
void rwlock_released(Flag* flag) { AnnotateRWLockReleased(HERE, flag, 1); }
void rwlock_acquired(Flag* flag) { AnnotateRWLockAcquired(HERE, flag, 0); }
void mutex_unlocks(Flag* flag) {
  __tsan_mutex_pre_unlock(flag, 0);
  __tsan_mutex_post_unlock(flag, 0);
}
void mutex_locks(Flag* flag) {
  __tsan_mutex_pre_lock(flag, 0);
  __tsan_mutex_post_lock(flag, 0, 0);
}
void mutex_is_tried_in_vain(Flag* flag) {
  constexpr unsigned kTries = 1 << 4;
  constexpr unsigned kFailed = 1 << 5;
  __tsan_mutex_pre_lock(flag, kTries);
  __tsan_mutex_post_lock(flag, kTries | kFailed, 0);
}

// `tell` and `hear` order; one without the other does not.
#define ORDERS(tell, hear)                                                                        \
  const Specimen both_##tell(                                                                     \
      {.name = "Annotation." #tell "_and_" #hear "_order", .holds = true, .explored_only = kWhy}, \
      [](Run& run) { hand_over(run, tell, hear); });                                              \
  const Specimen only_##tell(                                                                     \
      {.name = "Annotation." #tell "_alone_orders_nothing", .violates = Kind::kDataRace},         \
      [](Run& run) { hand_over(run, tell, nothing); });                                           \
  const Specimen only_##hear(                                                                     \
      {.name = "Annotation." #hear "_alone_orders_nothing", .violates = Kind::kDataRace},         \
      [](Run& run) { hand_over(run, nothing, hear); })

ORDERS(release, acquire);
ORDERS(before, after);
ORDERS(rwlock_released, rwlock_acquired);
ORDERS(mutex_unlocks, mutex_locks);

const Specimen in_vain({.name = "Annotation.AnAttemptInVainOrdersNothing",
                        .violates = Kind::kDataRace},
                       [](Run& run) { hand_over(run, mutex_unlocks, mutex_is_tried_in_vain); });

const Specimen inside({.name = "Annotation.TheInsideOfALockIsNotLookedAt",
                       .holds = true,
                       .explored_only = kWhy},
                      [](Run& run) {
                        int inside = 0;
                        int lock = 0;
                        const auto take = [&] {
                          __tsan_mutex_pre_lock(&lock, 0);
                          ++inside;
                          __tsan_mutex_post_lock(&lock, 0, 0);
                          __tsan_mutex_pre_unlock(&lock, 0);
                          ++inside;
                          __tsan_mutex_post_unlock(&lock, 0);
                        };
                        __tsan_mutex_create(&lock, 0);
                        run.thread(take);
                        run.thread(take);
                        run.join();
                        __tsan_mutex_destroy(&lock, 0);
                      });

// Two threads write, unordered, one of them as `write` does.
template <class Write>
void two_writers(Run& run, Write write) {
  long numbers[2] = {};
  run.thread([&] { write(numbers); });
  run.thread([&] { numbers[0] = 2; });
  run.join();
}

const Specimen ignored({.name = "Annotation.IgnoredAccessesDoNotRace",
                        .holds = true,
                        .explored_only = kWhy},
                       [](Run& run) {
                         two_writers(run, [](long* numbers) {
                           AnnotateIgnoreReadsBegin(HERE);
                           AnnotateIgnoreWritesBegin(HERE);
                           ++numbers[0];
                           AnnotateIgnoreWritesEnd(HERE);
                           AnnotateIgnoreReadsEnd(HERE);
                         });
                       });
const Specimen ignored_no_more({.name = "Annotation.AfterwardsTheyDo", .violates = Kind::kDataRace},
                               [](Run& run) {
                                 two_writers(run, [](long* numbers) {
                                   AnnotateIgnoreReadsBegin(HERE);
                                   AnnotateIgnoreReadsEnd(HERE);
                                   ++numbers[0];
                                 });
                               });

const Specimen benign({.name = "Annotation.ABenignRaceIsNotReported",
                       .holds = true,
                       .explored_only = kWhy},
                      [](Run& run) {
                        two_writers(run, [](long* numbers) {
                          AnnotateBenignRace(HERE, &numbers[0], "counted about");
                          numbers[0] = 1;
                        });
                      });
const Specimen benign_elsewhere({.name = "Annotation.OneBesideItIs", .violates = Kind::kDataRace},
                                [](Run& run) {
                                  two_writers(run, [](long* numbers) {
                                    AnnotateBenignRaceSized(HERE, &numbers[1], sizeof numbers[1],
                                                            "counted about");
                                    numbers[0] = 1;
                                  });
                                });

const Specimen new_memory(
    {.name = "Annotation.NewMemoryHasNoPast", .holds = true, .explored_only = kWhy}, [](Run& run) {
      Flag flag;
      // relaxed, both: it is to order nothing.
      run.thread([&] {
        flag.number = 1;
        flag.set.store(true, std::memory_order_relaxed);
      });
      run.thread([&] {
        if (!flag.set.load(std::memory_order_relaxed)) return;
        AnnotateNewMemory(HERE, &flag.number, sizeof flag.number);
        flag.number = 2;
      });
      run.join();
    });

const Specimen named({.name = "Annotation.AThreadIsCalledSo",
                      .violates = Kind::kDeadlock,
                      .says = "keeper waits for"},
                     [](Run& run) {
                       std::mutex mutex;
                       run.thread([&] {
                         AnnotateThreadName(HERE, "keeper");
                         mutex.lock();
                         mutex.lock();
                       });
                       run.join();
                     });

}  // namespace
}  // namespace weft::suite
