// The documents' pipeline with its end marks as parameters: a producer sends items, intermediate
// stages send them on plus one, a consumer collects them. A stage ends when it has handled the item
// that it takes for the last.
//
// Thread safety: run() from any thread; each run has queues of its own.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace weft::scenarios::specimens::queue {

// No number: an item that is an end mark and nothing else, and is passed on as it is.
using Item = std::optional<int>;
using Items = std::vector<Item>;
inline constexpr Item kEnd = std::nullopt;

Items zero_to_nine();

struct Stages {
  Items produced;
  Item last_in = 9;    // for the intermediate stages
  Item last_out = 10;  // for the consumer, which waits for one from each intermediate stage
  int intermediates = 1;

  // Empty if each number was consumed once, and in order if there is one intermediate stage; else
  // a sentence.
  std::string run() const;
};

}  // namespace weft::scenarios::specimens::queue
