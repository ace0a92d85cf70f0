// The seeds of a search's executions. A search may be dealt to several: Bazel's shards, and the
// workers of a campaign; no two of them run one seed.
//
// Thread safety: values.
// Invariants:     (I1) for one `first`, and fewer than 2^64 executions in all, every execution of
//                      every share has a seed of its own: next_seed()'s sequence is dealt out in
//                      turn.
#pragma once

#include <cstdint>

#include "stress/run/random.h"

namespace weft::internal {

struct Share {
  std::uint64_t index = 0;
  std::uint64_t total = 1;

  // This share dealt out once more.
  constexpr Share part(Share among) const {
    return {index + total * among.index, total * among.total};
  }
};

// As TEST_SHARD_INDEX and TEST_TOTAL_SHARDS say.
Share share_of_shard();

class Seeds {
 public:
  constexpr Seeds(std::uint64_t first, Share share) : first_(first), share_(share) {}
  // Of execution `number`, from 0.
  constexpr std::uint64_t at(std::uint64_t number) const {
    return first_ + next_seed(0) * (share_.index + number * share_.total);
  }

 private:
  std::uint64_t first_;
  Share share_;
};

}  // namespace weft::internal
