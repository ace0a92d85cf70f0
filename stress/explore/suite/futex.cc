// The futex itself, by syscall(): every operation that is modelled.
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdint>

#include "stress/explore/suite/clocks.h"
#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

using Word = std::atomic<std::uint32_t>;

long futex(Word& word, int operation, std::uint32_t value, const timespec* time = nullptr,
           Word* other = nullptr, std::uint32_t mask = 0) {
  return syscall(SYS_futex, &word, operation, value, time, other, mask);
}

// The fourth argument is a number for the operations that move waiters.
long requeue(Word& from, int operation, int woken, long moved, Word& to,
             std::uint32_t expected = 0) {
  return syscall(SYS_futex, &from, operation, woken, moved, &to, expected);
}

template <int flag>
void hand_over(Run& run) {
  Word word = 0;
  run.thread([&] {
    while (word == 0) futex(word, FUTEX_WAIT | flag, 0);
  });
  run.thread([&] {
    word = 1;
    futex(word, FUTEX_WAKE | flag, 1);
  });
  run.join();
  run.require(futex(word, FUTEX_WAIT | flag, 0) == -1 && errno == EAGAIN, "the value has changed");
  run.require(futex(word, FUTEX_WAKE | flag, INT_MAX) == 0, "nobody waits any more");
}

const Specimen private_({.name = "Futex.PrivateHandsOver", .holds = true},
                        hand_over<FUTEX_PRIVATE_FLAG>);
const Specimen shared({.name = "Futex.SharedHandsOver", .holds = true}, hand_over<0>);

const Specimen timed({.name = "Futex.WaitsGiveUp"}, [](Run& run) {
  Word word = 0;
  const auto gives_up = [&](int operation, const timespec& time, std::uint32_t mask) {
    long result;
    // It may end for no reason.
    while ((result = futex(word, operation | FUTEX_PRIVATE_FLAG, 0, &time, nullptr, mask)) == 0) {
    }
    return result == -1 && errno == ETIMEDOUT;
  };
  run.require(gives_up(FUTEX_WAIT, {0, 1'000'000}, 0), "after a duration");
  run.require(gives_up(FUTEX_WAIT_BITSET, in_the_future(CLOCK_MONOTONIC, 1'000'000), ~0u),
              "at a time of the monotonic clock");
  run.require(gives_up(FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME,
                       in_the_future(CLOCK_REALTIME, 1'000'000), ~0u),
              "at a time of day");
  run.require(gives_up(FUTEX_WAIT_BITSET, {0, 0}, ~0u), "at a time in the past");
  const timespec wrong = {0, -1};
  run.require(futex(word, FUTEX_WAIT, 0, &wrong) == -1 && errno == EINVAL, "a time that is none");
  run.require(futex(word, FUTEX_WAIT_BITSET, 0, nullptr, nullptr, 0) == -1 && errno == EINVAL,
              "a mask of nothing");
});

const Specimen bitset(
    {.name = "Futex.WakesThoseOfItsBits", .options = {.spurious = 0}}, [](Run& run) {
      Word word = 0;
      std::atomic<unsigned> ended = 0;
      for (unsigned bit : {1u, 2u}) {
        run.thread([&, bit] {
          while (word == 0) futex(word, FUTEX_WAIT_BITSET_PRIVATE, 0, nullptr, nullptr, bit);
          ended |= bit;
        });
      }
      run.thread([&] {
        run.require(futex(word, FUTEX_WAKE_BITSET_PRIVATE, INT_MAX, nullptr, nullptr, 4) == 0,
                    "of this bit is nobody");
        word = 1;
        run.require(futex(word, FUTEX_WAKE_BITSET_PRIVATE, INT_MAX, nullptr, nullptr, 1) <= 1,
                    "of this bit is one");
        futex(word, FUTEX_WAKE_BITSET_PRIVATE, INT_MAX, nullptr, nullptr, 2);
      });
      run.join();
      run.require(ended == 3, "both ended");
    });

template <bool compare>
void move_waiters(Run& run) {
  Word from = 0;
  Word to = 0;
  std::atomic<int> ended = 0;
  for (int i = 0; i < 2; ++i) {
    run.thread([&] {
      while (from == 0) futex(from, FUTEX_WAIT_PRIVATE, 0);
      ++ended;
    });
  }
  run.thread([&] {
    if (compare) {
      run.require(
          requeue(from, FUTEX_CMP_REQUEUE_PRIVATE, 1, INT_MAX, to, 5) == -1 && errno == EAGAIN,
          "the value is another");
    }
    from = 1;
    const long met = compare ? requeue(from, FUTEX_CMP_REQUEUE_PRIVATE, 1, INT_MAX, to, 1)
                             : requeue(from, FUTEX_REQUEUE_PRIVATE, 1, INT_MAX, to);
    run.require(met >= 0 && met <= 2, "it tells how many it woke and moved");
    futex(to, FUTEX_WAKE_PRIVATE, INT_MAX);
  });
  run.join();
  run.require(ended == 2, "those that were moved are woken there");
}

const Specimen moves({.name = "Futex.RequeueMovesWaiters"}, move_waiters<false>);
const Specimen compares({.name = "Futex.CompareRequeueMovesWaiters"}, move_waiters<true>);

const Specimen not_woken({.name = "Futex.MovedWaitersAreNotWoken",
                          .violates = Kind::kDeadlock,
                          .says = "futex"},
                         [](Run& run) {
                           Word from = 0;
                           Word to = 0;
                           for (int i = 0; i < 2; ++i) {
                             run.thread([&] {
                               while (from == 0) futex(from, FUTEX_WAIT_PRIVATE, 0);
                             });
                           }
                           run.thread([&] {
                             from = 1;
                             requeue(from, FUTEX_REQUEUE_PRIVATE, 1, INT_MAX, to);
                             futex(from, FUTEX_WAKE_PRIVATE, INT_MAX);
                           });
                           run.join();
                         });

const Specimen other_bit({.name = "Futex.WokenByAnotherBit",
                          .violates = Kind::kDeadlock,
                          .says = "futex"},
                         [](Run& run) {
                           Word word = 0;
                           run.thread([&] {
                             while (word == 0)
                               futex(word, FUTEX_WAIT_BITSET_PRIVATE, 0, nullptr, nullptr, 1);
                           });
                           run.thread([&] {
                             word = 1;
                             futex(word, FUTEX_WAKE_BITSET_PRIVATE, INT_MAX, nullptr, nullptr, 2);
                           });
                           run.join();
                         });

const Specimen pi({.name = "Futex.PriorityInheritance",
                   .violates = Kind::kNotModelled,
                   .says = "futex"},
                  [](Run&) {
                    Word word = 0;
                    futex(word, FUTEX_LOCK_PI, 0);
                  });

}  // namespace
}  // namespace weft::suite
