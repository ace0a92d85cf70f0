// A pool of four processes that loses one of them again and again: that no call is lost or done
// twice, and how much of its throughput is left.
//
// Thread safety: by the thread that measures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace weft::fault {

struct PoolLosses {
  struct Window {
    double per_second = 0;         // calls done, undisturbed
    double per_second_losing = 0;  // with a process killed every so often
  };
  std::vector<Window> windows;  // interleaved, so that both see the same machine
  std::uint64_t kills = 0;
  std::uint64_t calls = 0;
  // Calls that were told of their process's death more often than retried.
  std::uint64_t failed = 0;
  std::uint64_t wrong = 0;  // results that are not those of the call

  // The median of the windows.
  double kept() const;
  std::string json() const;
};

// So many windows of a second, of which the second half loses a process every 100 ms.
PoolLosses measure_pool_losses(unsigned windows, std::uint64_t seed);

// So many calls; a process is killed after each `per_kill` results. No clock is looked at.
PoolLosses lose_by_count(std::uint64_t calls, std::uint64_t per_kill, std::uint64_t seed);

}  // namespace weft::fault
