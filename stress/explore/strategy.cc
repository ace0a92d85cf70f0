#include "stress/explore/strategy.h"

namespace weft::explore {

ThreadId Candidates::at_of_many(unsigned index) const {
  if (current_may) {
    if (index == 0) return current;
    --index;
  }
  for (unsigned word = 0; word < words; ++word) {
    uint64_t bits = set.words[word];
    if (current_may && current / 64 == word) bits &= ~(uint64_t{1} << (current % 64));
    const auto here = static_cast<unsigned>(__builtin_popcountll(bits));
    if (index >= here) {
      index -= here;
      continue;
    }
    for (; index > 0; --index) bits &= bits - 1;
    return static_cast<ThreadId>(word * 64 + static_cast<unsigned>(__builtin_ctzll(bits)));
  }
  return kNobody;
}

unsigned Candidates::index_of_many(ThreadId id) const {
  if (current_may && id == current) return 0;
  unsigned before = current_may && current > id ? 1 : 0;
  for (unsigned word = 0; word < id / 64u; ++word) {
    before += static_cast<unsigned>(__builtin_popcountll(set.words[word]));
  }
  const uint64_t lower = (uint64_t{1} << (id % 64)) - 1;
  return before + static_cast<unsigned>(__builtin_popcountll(set.words[id / 64] & lower));
}

unsigned random_value(Dice& dice, Question question, unsigned n) {
  constexpr unsigned kSeldom = 16;
  if (question != Question::kWaiter) return dice.below(kSeldom) == 0 ? 1 : 0;
  return dice.below(n);
}

const char* name_of(Op op) {
  constexpr const char* kNames[] = {
      "none",
      "load",
      "store",
      "exchange",
      "fetch_add",
      "fetch_sub",
      "fetch_and",
      "fetch_or",
      "fetch_xor",
      "fetch_nand",
      "compare_exchange",
      "fence",
      "read",
      "write",
      "lock",
      "try_lock",
      "unlock",
      "lock_shared",
      "try_lock_shared",
      "unlock_shared",
      "wait",
      "relock",
      "notify_one",
      "notify_all",
      "sem_wait",
      "sem_trywait",
      "sem_post",
      "barrier_wait",
      "futex_wait",
      "futex_wake",
      "once",
      "start",
      "join",
      "yield",
      "sleep",
      "timeout",
      "input",
      "output",
      "ask",
      "destroy",
      "point",
      "waiting",
      "acquired",
      "released",
      "notified",
      "spurious",
      "violation",
      "free",
      "refused",
  };
  static_assert(sizeof kNames / sizeof *kNames == static_cast<unsigned>(Op::kCount));
  return kNames[static_cast<unsigned>(op)];
}

}  // namespace weft::explore
