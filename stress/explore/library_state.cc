#include "stress/explore/library_state.h"

#include <stdint.h>

namespace weft::explore {
namespace {

// As bits/atomic_wait.h of libstdc++ 11 and later has it: threads that wait, then, on a cache line
// of its own, the number of the next notification. Waiters share sixteen of them, by address.
struct alignas(64) WaiterPool {
  int32_t waiting;
  alignas(64) int32_t version;
};
constexpr unsigned kPools = 16;

// A variable of an inline function: in the tested program, if that waits at all. (A strong
// definition of the same name there is what this refers to.)
extern "C" WaiterPool weft_waiter_pools[kPools] __asm__(
    "_ZZNSt8__detail18__waiter_pool_base6_S_forEPKvE3__w") __attribute__((weak));

}  // namespace

void reset_library_state() {
  WaiterPool* pools = weft_waiter_pools;
  // Else the compiler takes it for granted that an array is somewhere.
  asm("" : "+r"(pools));
  if (pools == nullptr) return;
  for (unsigned i = 0; i < kPools; ++i) {
    pools[i].waiting = 0;
    pools[i].version = 0;
  }
}

}  // namespace weft::explore
