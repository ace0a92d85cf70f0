// Atomic objects: waiting, flags, references, shared pointers, sixteen bytes.
#include <atomic>
#include <cstdint>
#include <memory>

#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

const Specimen waits({.name = "Atomic.WaitEndsByNotify", .holds = true}, [](Run& run) {
  std::atomic<int> value = 0;
  run.thread([&] {
    value.wait(0);
    run.require(value == 1, "a wait ends when the value has changed");
  });
  run.thread([&] {
    value = 1;
    value.notify_one();
  });
  run.join();
});

const Specimen waits_wide({.name = "Atomic.WaitOnSixtyFourBits"}, [](Run& run) {
  std::atomic<std::uint64_t> value = 0;
  for (int i = 0; i < 2; ++i) run.thread([&] { value.wait(0); });
  run.thread([&] {
    value = std::uint64_t{1} << 40;
    value.notify_all();
  });
  run.join();
});

const Specimen arithmetic({.name = "Atomic.EveryOperationIsWhole", .holds = true}, [](Run& run) {
  std::atomic<std::uint8_t> a = 0;
  std::atomic<std::int64_t> b = 0;
  const auto use = [&] {
    a.fetch_add(3);
    b.fetch_sub(5);
  };
  run.thread(use);
  run.thread(use);
  run.join();
  run.require(a == 6 && b == -10, "nothing is lost");
  run.require(a.fetch_or(8) == 6 && a.fetch_and(12) == 14 && a.fetch_xor(4) == 12 && a == 8,
              "bits are set, kept and turned");
  std::uint8_t expected = 9;
  run.require(!a.compare_exchange_strong(expected, 1) && expected == 8, "the value found is told");
  run.require(a.compare_exchange_strong(expected, 1) && a.exchange(2) == 1, "and exchanged");
});

const Specimen store_buffer({.name = "Atomic.OneSeesTheOther", .holds = true}, [](Run& run) {
  std::atomic<int> x = 0;
  std::atomic<int> y = 0;
  int seen_x = 0;
  int seen_y = 0;
  run.thread([&] {
    x = 1;
    seen_y = y;
  });
  run.thread([&] {
    y = 1;
    seen_x = x;
  });
  run.join();
  run.require(seen_x + seen_y >= 1, "of two that store and look, one sees the other");
});

const Specimen flag({.name = "AtomicFlag.IsASpinLock"}, [](Run& run) {
  std::atomic_flag flag;
  int value = 0;
  const auto add = [&] {
    while (flag.test_and_set(
        std::memory_order_acquire)) {  // acquire: pairs with the release of clear()
    }
    ++value;
    // release: pairs with the acquire of test_and_set().
    flag.clear(std::memory_order_release);
  };
  run.thread(add);
  run.thread(add);
  run.join();
  run.require(value == 2, "it excludes");
});

const Specimen flag_waits({.name = "AtomicFlag.WaitEndsByNotify", .holds = true}, [](Run& run) {
  std::atomic_flag flag;
  run.thread([&] {
    flag.wait(false);
    run.require(flag.test(), "a wait ends when the flag is set");
  });
  flag.test_and_set();
  flag.notify_all();
  run.join();
});

const Specimen reference({.name = "AtomicRef.NothingIsLost", .holds = true}, [](Run& run) {
  int value = 0;
  const auto add = [&] { std::atomic_ref(value).fetch_add(1); };
  run.thread(add);
  run.thread(add);
  run.join();
  run.require(value == 2, "each addition counts");
});

const Specimen floating({.name = "Atomic.FloatingPointAddition"}, [](Run& run) {
  std::atomic<double> value = 0;
  const auto add = [&] { value.fetch_add(0.5); };
  run.thread(add);
  run.thread(add);
  run.join();
  run.require(value == 1.0, "each addition counts");
});

const Specimen shared_pointer({.name = "AtomicSharedPtr.OwnersKeepItAlive",
                               .explored_only = "libstdc++ 12 unlocks relaxed, which "
                                                "ThreadSanitizer reports"},
                              [](Run& run) {
                                std::atomic<std::shared_ptr<int>> pointer =
                                    std::make_shared<int>(1);
                                run.thread("reader", [&] {
                                  const std::shared_ptr<int> seen = pointer.load();
                                  run.require(*seen == 1 || *seen == 2, "what was read is alive");
                                });
                                run.thread("writer",
                                           [&] { pointer.store(std::make_shared<int>(2)); });
                                run.join();
                                run.require(*pointer.load() == 2, "the new one is there");
                              });

struct Pair {
  std::uint64_t a;
  std::uint64_t b;
};
struct alignas(16) Wide {
  Pair pair;
};

const Specimen sixteen({.name = "Atomic.SixteenBytesAreWhole", .holds = true}, [](Run& run) {
  std::atomic<Wide> wide(Wide{{1, 1}});
  run.thread([&] { wide.store(Wide{{2, 2}}); });
  run.thread([&] {
    const Wide seen = wide.load();
    run.require(seen.pair.a == seen.pair.b, "never half of one and half of another");
  });
  run.join();
  Wide expected = wide.load();
  run.require(wide.compare_exchange_strong(expected, Wide{{3, 3}}), "nobody came in between");
  run.require(wide.exchange(Wide{{4, 4}}).pair.a == 3, "the exchanged value is told");
});

struct Odd {
  char bytes[24] = {};
};

const Specimen odd({.name = "Atomic.OfAnOddSizeIsWhole"}, [](Run& run) {
  std::atomic<Odd> odd{};
  run.thread([&] {
    Odd changed;
    changed.bytes[0] = changed.bytes[23] = 1;
    odd.store(changed);
  });
  run.thread([&] {
    const Odd seen = odd.load();
    run.require(seen.bytes[0] == seen.bytes[23], "never half of one and half of another");
  });
  run.join();
});

const Specimen fence({.name = "Atomic.FencesOrder", .holds = true}, [](Run& run) {
  // relaxed: the fences order.
  constexpr auto kRelaxed = std::memory_order_relaxed;
  std::atomic<bool> ready = false;
  std::atomic<int> data = 0;
  run.thread([&] {
    data.store(1, kRelaxed);
    // release: pairs with the acquire fence below.
    std::atomic_thread_fence(std::memory_order_release);
    ready.store(true, kRelaxed);
  });
  run.thread([&] {
    const bool seen = ready.load(kRelaxed);
    // acquire: pairs with the release fence above.
    std::atomic_thread_fence(std::memory_order_acquire);
    run.require(!seen || data.load(kRelaxed) == 1, "what was before the fence is seen behind it");
  });
  run.join();
});

#ifndef __clang__
// Clang's instrumentation does not pass on that an exchange is a weak one.
const Specimen weak({.name = "Atomic.WeakExchangeTakenForStrong",
                     .violates = Kind::kAssertion,
                     .says = "for no reason"},
                    [](Run& run) {
                      std::atomic<int> value = 0;
                      run.thread([&] {
                        int expected = 0;
                        run.require(value.compare_exchange_weak(expected, 1),
                                    "a weak exchange does not fail for no reason");
                      });
                      run.join();
                    });
#endif

const Specimen two_steps({.name = "Atomic.AddedInTwoSteps",
                          .violates = Kind::kAssertion,
                          .says = "nothing is lost"},
                         [](Run& run) {
                           std::atomic<int> value = 0;
                           const auto add = [&] { value = value + 1; };
                           run.thread(add);
                           run.thread(add);
                           run.join();
                           run.require(value == 2, "nothing is lost");
                         });

const Specimen unnotified({.name = "Atomic.NobodyNotifies", .violates = Kind::kDeadlock},
                          [](Run& run) {
                            std::atomic<int> value = 0;
                            run.thread([&] { value.wait(0); });
                            run.thread([&] { value = 1; });
                            run.join();
                          });

const Specimen never_set(
    {.name = "AtomicFlag.NeverSet", .violates = Kind::kLivelock, .says = " times: "}, [](Run& run) {
      std::atomic_flag flag;
      run.thread([&] {
        while (!flag.test()) {
        }
      });
      run.join();
    });

const Specimen ref_two_steps({.name = "AtomicRef.AddedInTwoSteps",
                              .violates = Kind::kAssertion,
                              .says = "nothing is lost"},
                             [](Run& run) {
                               int value = 0;
                               const auto add = [&] {
                                 const std::atomic_ref counted(value);
                                 counted.store(counted.load() + 1);
                               };
                               run.thread(add);
                               run.thread(add);
                               run.join();
                               run.require(value == 2, "nothing is lost");
                             });

const Specimen shared_two_steps({.name = "AtomicSharedPtr.ReplacedInTwoSteps",
                                 .violates = Kind::kAssertion,
                                 .says = "nothing is lost"},
                                [](Run& run) {
                                  std::atomic<std::shared_ptr<int>> pointer =
                                      std::make_shared<int>(0);
                                  const auto add = [&] {
                                    pointer.store(std::make_shared<int>(*pointer.load() + 1));
                                  };
                                  run.thread(add);
                                  run.thread(add);
                                  run.join();
                                  run.require(*pointer.load() == 2, "nothing is lost");
                                });

const Specimen wide_halves({.name = "Atomic.SixteenBytesInTwoSteps",
                            .violates = Kind::kAssertion,
                            .says = "nothing is lost"},
                           [](Run& run) {
                             std::atomic<Wide> wide(Wide{{0, 0}});
                             const auto add = [&] {
                               Wide seen = wide.load();
                               ++seen.pair.a;
                               wide.store(seen);
                             };
                             run.thread(add);
                             run.thread(add);
                             run.join();
                             run.require(wide.load().pair.a == 2, "nothing is lost");
                           });

}  // namespace
}  // namespace weft::suite
