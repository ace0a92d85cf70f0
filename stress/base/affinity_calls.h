// AffinityCalls: what a program asks the kernel about where threads may run, seen or answered by a
// test. Linked in, it stands before the C library's functions.
//
// Thread safety: one object at a time; its functions are called by whatever thread asks.
#pragma once

#include <sched.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace weft::testing_affinity {

class AffinityCalls {
 public:
  AffinityCalls();
  virtual ~AffinityCalls();
  AffinityCalls(const AffinityCalls&) = delete;
  AffinityCalls& operator=(const AffinityCalls&) = delete;

  // Of the first 64 processors, a bit each. Nothing: the kernel is asked.
  virtual std::optional<std::uint64_t> get(pid_t) { return std::nullopt; }
  // False: the kernel is asked.
  virtual bool set(pid_t, std::uint64_t) { return false; }
  virtual std::optional<int> processor() { return std::nullopt; }
};

}  // namespace weft::testing_affinity
