// A strategy: the oracle that decides who goes on, and how what is left open turns out.
//
// It sees ids and pending operations, never the state of the tested program. The runtime asks only
// where there are at least two answers, and keeps what was answered, so that any execution can be
// replayed whatever strategy made it.
//
// Thread safety: used by the explorer alone.
// Invariants:     (I1) a strategy is a function of its seed, the number of the execution, and what
//                      it was asked in this execution (an exhaustive one: in all so far).
#pragma once

#include <stdint.h>

#include "stress/explore/operation.h"

namespace weft::explore {

inline constexpr unsigned kMaxThreads = 512;

// A set of threads.
struct ThreadSet {
  static constexpr unsigned kWords = kMaxThreads / 64;
  uint64_t words[kWords] = {};

  bool has(ThreadId id) const { return ((words[id / 64] >> (id % 64)) & 1) != 0; }
  void add(ThreadId id) { words[id / 64] |= uint64_t{1} << (id % 64); }
  void remove(ThreadId id) { words[id / 64] &= ~(uint64_t{1} << (id % 64)); }
};

// Who may go on. The order of answers: the thread that runs now if it may, then the others by id.
// So 0 means "no switch where none is needed".
struct Candidates {
  ThreadSet set;
  unsigned words = 1;  // the set's words in use
  unsigned count = 0;
  ThreadId current = 0;
  bool current_may = false;
  // By id: what each would do.
  const Operation* const* pending = nullptr;

  ThreadId at(unsigned index) const;
  unsigned index_of(ThreadId id) const;
  // Calls function(id) for each, by id.
  template <class F>
  void for_each(const F& function) const {
    for (unsigned word = 0; word < words; ++word) {
      for (uint64_t bits = set.words[word]; bits != 0; bits &= bits - 1) {
        function(static_cast<ThreadId>(word * 64 + static_cast<unsigned>(__builtin_ctzll(bits))));
      }
    }
  }

 private:
  ThreadId at_of_many(unsigned index) const;
  unsigned index_of_many(ThreadId id) const;
};

// Asked at each scheduling point, nearly always of a single word.
inline ThreadId Candidates::at(unsigned index) const {
  if (words != 1) [[unlikely]]
    return at_of_many(index);
  uint64_t bits = set.words[0];
  if (current_may) {
    if (index == 0) return current;
    --index;
    bits &= ~(uint64_t{1} << current);
  }
  for (; index > 0; --index) bits &= bits - 1;
  return bits == 0 ? kNobody : static_cast<ThreadId>(__builtin_ctzll(bits));
}

inline unsigned Candidates::index_of(ThreadId id) const {
  if (words != 1) [[unlikely]]
    return index_of_many(id);
  if (current_may && id == current) return 0;
  const uint64_t lower = set.words[0] & ((uint64_t{1} << id) - 1);
  return static_cast<unsigned>(__builtin_popcountll(lower)) + (current_may && current > id ? 1 : 0);
}

// What a question is about that is not who goes on.
enum class Question : uint8_t {
  kWaiter,    // which waiter a notify wakes
  kSpurious,  // 1: a wait ends for no reason
  kWeakFail,  // 1: a weak compare-exchange fails though it need not
};

class Strategy {
 public:
  virtual const char* name() const = 0;
  // False: there is nothing left to explore. `seed` is this execution's own.
  virtual bool begin(uint64_t seed) = 0;
  // kNobody if the execution is not the one that the strategy is repeating.
  virtual ThreadId choose(const Candidates& candidates) = 0;
  // A number below n.
  virtual unsigned choose_value(Question question, unsigned n) = 0;
  // A step without a choice: only `id` could go on. Told if wants_steps().
  virtual void step(ThreadId id, const Operation& pending) {
    (void)id;
    (void)pending;
  }
  virtual bool wants_steps() const { return false; }
  // Its executions must be of one and the same program: random numbers that the program draws are
  // to be the same in each.
  virtual bool wants_one_program() const { return false; }
  // The execution has ended. True if every execution that the strategy's bounds allow has been run.
  virtual bool end() { return false; }

 protected:
  // Nobody owns one by this type.
  ~Strategy() = default;
};

// SplitMix64's last step: neighbouring numbers then differ in every bit.
inline uint64_t scattered(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
  return value ^ (value >> 31);
}

// xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled",
// 2016): 64 bits of state are enough for one execution's choices, and it costs a nanosecond.
class Dice {
 public:
  void seed(uint64_t seed) { state_ = scattered(seed + 0x9E3779B97F4A7C15u) | 1; }
  uint64_t roll() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return state_ * 0x2545F4914F6CDD1Du;
  }
  // Below n, which is at most 2^32; the bias is n / 2^32.
  uint32_t below(uint32_t n) { return static_cast<uint32_t>(((roll() >> 32) * n) >> 32); }

 private:
  uint64_t state_ = 1;
};

// The answer of a random strategy to what is not who goes on: what need not happen seldom does.
unsigned random_value(Dice& dice, Question question, unsigned n);

}  // namespace weft::explore
