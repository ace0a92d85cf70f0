// Seeded random numbers of our own, the same on every platform and for ever, so that a seed written
// in a bug report keeps its meaning. xoshiro256** by Blackman and Vigna ("Scrambled linear
// pseudorandom number generators", 2018), its state filled by SplitMix64 (Steele, Lea, Flood,
// 2014).
//
// Thread safety: none; each thread has its own generator, derived by seed_of().
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <initializer_list>
#include <limits>

namespace weft {

// One step of SplitMix64's output function: a bijection that spreads close inputs far apart.
constexpr std::uint64_t mixed(std::uint64_t x) noexcept {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

// The seed of something found by a path of numbers: execution, then thread, then purpose.
constexpr std::uint64_t seed_of(std::initializer_list<std::uint64_t> path) noexcept {
  std::uint64_t seed = 0;
  for (std::uint64_t step : path) seed = mixed(seed ^ step);
  return seed;
}

// The seeds of executions form a sequence without an end: whichever of them a later search begins
// with, it goes on with the same ones. So one number replays a failure found late.
constexpr std::uint64_t next_seed(std::uint64_t seed) noexcept {
  return seed + 0x9E3779B97F4A7C15u;
}

// A std::uniform_random_bit_generator.
class Random {
 public:
  using result_type = std::uint64_t;

  explicit constexpr Random(std::uint64_t seed = 0) noexcept {
    for (std::uint64_t& word : state_) {
      word = mixed(seed);
      seed += 0x9E3779B97F4A7C15u;
    }
  }

  // To go on later where it is now.
  constexpr std::array<std::uint64_t, 4> state() const noexcept { return state_; }
  static constexpr Random from_state(const std::array<std::uint64_t, 4>& state) noexcept {
    Random random;
    random.state_ = state;
    return random;
  }

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }
  constexpr result_type operator()() noexcept {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // A number below `bound`, 0 if that is 0. The bias is bound / 2^64: of no account in a test.
  constexpr std::uint64_t below(std::uint64_t bound) noexcept {
    return bound == 0 ? 0
                      : static_cast<std::uint64_t>(
                            (static_cast<unsigned __int128>((*this)()) * bound) >> 64);
  }

  // A number from `low` to `high`, both included; low <= high.
  constexpr std::int64_t between(std::int64_t low, std::int64_t high) noexcept {
    const auto span = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
    const std::uint64_t step = span == max() ? (*this)() : below(span + 1);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + step);
  }

  // True `times` times in `of`.
  constexpr bool chance(std::uint64_t times, std::uint64_t of) noexcept {
    return below(of) < times;
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace weft
