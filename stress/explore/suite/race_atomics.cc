// What orders threads by atomic accesses and fences, and what looks as if it did.
#include <atomic>

#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

// relaxed throughout: which orders there are is what each specimen here is about.
constexpr auto kRelaxed = std::memory_order_relaxed;
// acquire, release: those of one specimen pair with each other, or fail to, as its name says.
constexpr auto kAcquire = std::memory_order_acquire;
// acquire, release: those of one specimen pair with each other, or fail to, as its name says.
constexpr auto kRelease = std::memory_order_release;
// acq_rel: it pairs with itself, in the other threads' steps of the same specimen.
constexpr auto kAcqRel = std::memory_order_acq_rel;

constexpr const char* kFences = "ThreadSanitizer does not know what fences order";

// One thread writes a number and says so; the other reads it if it was told.
template <class Say, class Hear>
void pass_on(Run& run, Say say, Hear hear) {
  int number = 0;
  std::atomic<int> flag{0};
  run.thread("writer", [&] {
    number = 1;
    say(flag);
  });
  run.thread("reader", [&] {
    if (hear(flag)) run.require(number == 1, "what is announced is there");
  });
  run.join();
}

void store(std::atomic<int>& flag) { flag.store(1); }
bool load(std::atomic<int>& flag) { return flag.load() != 0; }
void store_release(std::atomic<int>& flag) { flag.store(1, kRelease); }
bool load_acquire(std::atomic<int>& flag) { return flag.load(kAcquire) != 0; }
void store_relaxed(std::atomic<int>& flag) { flag.store(1, kRelaxed); }
bool load_relaxed(std::atomic<int>& flag) { return flag.load(kRelaxed) != 0; }
void fence_and_store(std::atomic<int>& flag) {
  std::atomic_thread_fence(kRelease);
  flag.store(1, kRelaxed);
}
bool load_and_fence(std::atomic<int>& flag) {
  const bool told = flag.load(kRelaxed) != 0;
  std::atomic_thread_fence(kAcquire);
  return told;
}

const Specimen seq_cst({.name = "RaceAtomic.SequentiallyConsistentOrders", .holds = true},
                       [](Run& run) { pass_on(run, store, load); });
const Specimen release_acquire({.name = "RaceAtomic.ReleaseAndAcquireOrder", .holds = true},
                               [](Run& run) { pass_on(run, store_release, load_acquire); });
const Specimen relaxed_store({.name = "RaceAtomic.RelaxedStoreOrdersNothing",
                              .violates = Kind::kDataRace,
                              .says = "nothing orders"},
                             [](Run& run) { pass_on(run, store_relaxed, load_acquire); });
const Specimen relaxed_load({.name = "RaceAtomic.RelaxedLoadOrdersNothing",
                             .violates = Kind::kDataRace,
                             .says = "nothing orders"},
                            [](Run& run) { pass_on(run, store_release, load_relaxed); });
const Specimen not_heard({.name = "RaceAtomic.WhoDoesNotLookIsNotOrdered",
                          .violates = Kind::kDataRace},
                         [](Run& run) {
                           pass_on(run, store_release, [](auto& flag) {
                             (void)flag.load(kAcquire);
                             return true;
                           });
                         });

const Specimen both_fences({.name = "RaceAtomic.FencesOrder",
                            .holds = true,
                            .explored_only = kFences},
                           [](Run& run) { pass_on(run, fence_and_store, load_and_fence); });
const Specimen release_fence({.name = "RaceAtomic.ReleaseFenceAndAcquireOrder",
                              .holds = true,
                              .explored_only = kFences},
                             [](Run& run) { pass_on(run, fence_and_store, load_acquire); });
const Specimen acquire_fence({.name = "RaceAtomic.ReleaseAndAcquireFenceOrder",
                              .holds = true,
                              .explored_only = kFences},
                             [](Run& run) { pass_on(run, store_release, load_and_fence); });
const Specimen seq_cst_fences({.name = "RaceAtomic.SequentiallyConsistentFencesOrder",
                               .holds = true,
                               .explored_only = kFences},
                              [](Run& run) {
                                pass_on(
                                    run,
                                    [](auto& flag) {
                                      std::atomic_thread_fence(std::memory_order_seq_cst);
                                      flag.store(1, kRelaxed);
                                    },
                                    [](auto& flag) {
                                      const bool told = flag.load(kRelaxed) != 0;
                                      std::atomic_thread_fence(std::memory_order_seq_cst);
                                      return told;
                                    });
                              });
const Specimen fence_after({.name = "RaceAtomic.ReleaseFenceAfterTheStoreOrdersNothing",
                            .violates = Kind::kDataRace},
                           [](Run& run) {
                             pass_on(
                                 run,
                                 [](auto& flag) {
                                   flag.store(1, kRelaxed);
                                   std::atomic_thread_fence(kRelease);
                                 },
                                 load_and_fence);
                           });
const Specimen fence_before({.name = "RaceAtomic.AcquireFenceBeforeTheLoadOrdersNothing",
                             .violates = Kind::kDataRace},
                            [](Run& run) {
                              pass_on(run, fence_and_store, [](auto& flag) {
                                std::atomic_thread_fence(kAcquire);
                                return flag.load(kRelaxed) != 0;
                              });
                            });
const Specimen wrong_fence({.name = "RaceAtomic.AcquireFenceDoesNotRelease",
                            .violates = Kind::kDataRace},
                           [](Run& run) {
                             pass_on(
                                 run,
                                 [](auto& flag) {
                                   std::atomic_thread_fence(kAcquire);
                                   flag.store(1, kRelaxed);
                                 },
                                 load_and_fence);
                           });
// What is written after the fence is not announced by the store.
const Specimen after_fence({.name = "RaceAtomic.AFenceReleasesOnlyWhatIsBeforeIt",
                            .violates = Kind::kDataRace},
                           [](Run& run) {
                             int number = 0;
                             std::atomic<int> flag{0};
                             run.thread([&] {
                               std::atomic_thread_fence(kRelease);
                               number = 1;
                               flag.store(1, kRelaxed);
                             });
                             run.thread([&] {
                               if (load_acquire(flag)) run.require(number == 1, "");
                             });
                             run.join();
                           });

// Between the release and the acquire a third thread changes the flag.
template <class Change>
void pass_through(Run& run, Change change) {
  int number = 0;
  std::atomic<int> flag{0};
  run.thread("writer", [&] {
    number = 1;
    flag.store(1, kRelease);
  });
  run.thread("changer", [&] { change(flag); });
  run.thread("reader", [&] {
    if (flag.load(kAcquire) >= 2) run.require(number == 1, "");
  });
  run.join();
}

const Specimen rmw_chain({.name = "RaceAtomic.ReadModifyWriteGoesOnWithARelease", .holds = true},
                         [](Run& run) {
                           pass_through(run, [](auto& flag) {
                             int one = 1;
                             flag.compare_exchange_strong(one, 2, kRelaxed);
                           });
                         });
const Specimen store_breaks({.name = "RaceAtomic.StoreOfAnotherEndsARelease",
                             .violates = Kind::kDataRace},
                            [](Run& run) {
                              pass_through(run, [](auto& flag) {
                                if (load_relaxed(flag)) flag.store(2, kRelaxed);
                              });
                            });
const Specimen own_store_breaks({.name = "RaceAtomic.OwnRelaxedStoreEndsARelease",
                                 .violates = Kind::kDataRace},
                                [](Run& run) {
                                  pass_on(
                                      run,
                                      [](auto& flag) {
                                        flag.store(0, kRelease);
                                        flag.store(1, kRelaxed);
                                      },
                                      load_acquire);
                                });

template <std::memory_order kDrop, std::memory_order kLast>
void count_down(Run& run) {
  int parts[2] = {};
  std::atomic<int> left{2};
  const auto work = [&](int i) {
    parts[i] = 1;
    if (left.fetch_sub(1, kDrop) != 1) return;
    std::atomic_thread_fence(kLast);
    run.require(parts[0] + parts[1] == 2, "the last one sees what all have done");
  };
  run.thread([&] { work(0); });
  run.thread([&] { work(1); });
  run.join();
}
const Specimen counted({.name = "RaceAtomic.TheLastToCountDownSeesAll", .holds = true},
                       count_down<kAcqRel, kRelaxed>);
const Specimen counted_by_fence({.name = "RaceAtomic.TheLastToCountDownSeesAllByAFence",
                                 .holds = true,
                                 .explored_only = kFences},
                                count_down<kRelease, kAcquire>);
const Specimen counted_without({.name = "RaceAtomic.ReleaseAloneCountsDownWrongly",
                                .violates = Kind::kDataRace},
                               count_down<kRelease, kRelaxed>);

// A compare-exchange that fails is a load, with the order for that.
template <std::memory_order kFailed>
void fail_to_exchange(Run& run) {
  pass_on(run, store_release, [](auto& flag) {
    int two = 2;
    flag.compare_exchange_strong(two, 3, kAcqRel, kFailed);
    return two == 1;
  });
}
const Specimen failed_acquire({.name = "RaceAtomic.FailedExchangeMayAcquire", .holds = true},
                              fail_to_exchange<kAcquire>);
const Specimen failed_relaxed({.name = "RaceAtomic.FailedExchangeMayBeRelaxed",
                               .violates = Kind::kDataRace},
                              fail_to_exchange<kRelaxed>);

const Specimen atomics_alone({.name = "RaceAtomic.AtomicsDoNotRace", .holds = true}, [](Run& run) {
  std::atomic<int> number{0};
  run.thread([&] { number.store(1, kRelaxed); });
  run.thread([&] { number.fetch_add(1, kRelaxed); });
  run.thread([&] { (void)number.load(kRelaxed); });
  run.join();
});
const Specimen plain_read({.name = "RaceAtomic.PlainReadRacesWithAStore",
                           .violates = Kind::kDataRace},
                          [](Run& run) {
                            int number = 0;
                            run.thread([&] { std::atomic_ref<int>(number).store(1); });
                            run.thread([&] { run.require(number >= 0, ""); });
                            run.join();
                          });
const Specimen plain_write({.name = "RaceAtomic.PlainWriteRacesWithALoad",
                            .violates = Kind::kDataRace},
                           [](Run& run) {
                             int number = 0;
                             run.thread([&] { (void)std::atomic_ref<int>(number).load(); });
                             run.thread([&] { number = 1; });
                             run.join();
                           });
// The load reads from a store that comes after the plain write.
const Specimen written_before(
    {.name = "RaceAtomic.ALoadComesAfterWhatItsStoreComesAfter",
     .holds = true,
     .explored_only = "ThreadSanitizer looks at the load before it looks at what that acquires"},
    [](Run& run) {
      int number = 0;
      std::atomic<bool> told{false};
      run.thread([&] {
        number = 1;
        std::atomic_ref<int>(number).store(2, kRelease);
        // relaxed: it orders nothing; the other's first look at the number is after the store.
        told.store(true, kRelaxed);
      });
      run.thread([&] {
        if (!told.load(kRelaxed)) return;
        run.require(std::atomic_ref<int>(number).load(kAcquire) == 2, "");
      });
      run.join();
    });
const Specimen two_reads({.name = "RaceAtomic.PlainReadAndLoadDoNotRace", .holds = true},
                         [](Run& run) {
                           int number = 0;
                           run.thread([&] { (void)std::atomic_ref<int>(number).load(); });
                           run.thread([&] { run.require(number == 0, ""); });
                           run.join();
                         });

struct alignas(16) Wide {
  long low = 0;
  long high = 0;
};
const Specimen wide({.name = "RaceAtomic.SixteenBytesOrder"}, [](Run& run) {
  int number = 0;
  std::atomic<Wide> flag{Wide{}};
  run.thread([&] {
    number = 1;
    flag.store({1, 1}, kRelease);
  });
  run.thread([&] {
    if (flag.load(kAcquire).high != 0) run.require(number == 1, "");
  });
  run.join();
});

}  // namespace
}  // namespace weft::suite
