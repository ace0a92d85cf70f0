// Who holds something that processes share: a thread of any process, by a number that no other
// thread has had.
//
// The kernel gives thread ids again, after 32768 new threads at the earliest where nobody has set
// the limit lower. So the number has the thread's birth beside its id: the tick of the kernel's
// clock at which it started. Two threads with one id and one birth would need as many threads
// within one tick, a hundredth of a second.
//
//   bits   | what
//   0..29  | kernel thread id; 0 in no thread's number
//   30, 31 | 0; for the owner of the word that the number is stored in
//   32..63 | birth, in ticks since the machine started, modulo 2^32; 0 if /proc does not tell it
//
// Thread safety: every function from any thread. In the child of a fork() the calling thread has a
// number of its own; a child of a raw clone() must not call.
// Invariants:     (I1) this_owner() is the same for the whole life of a thread, and 0 for none.
//                 (I2) A thread that was once found dead is dead, so its number may be taken over.
// Non-invariants: that a thread that was found alive still is. A thread of another pid namespace
//                 cannot be asked for at all: processes that share something must share theirs.
// Memory ordering: none by the language. The kernel says that a thread is dead after its last
//                  store, and whoever has asked sees that store.
#pragma once

#include <cstdint>

namespace weft::internal {

using OwnerId = std::uint64_t;

inline constexpr OwnerId kNobody = 0;
inline constexpr std::uint32_t kThreadIdBits = (std::uint32_t{1} << 30) - 1;

// kNobody until the thread first asks.
extern constinit thread_local OwnerId this_threads_number;
OwnerId find_this_threads_number();

#if defined(WEFT_EXPLORE)
OwnerId this_owner();  // explored_owner.h
#else
inline OwnerId this_owner() {
  const OwnerId number = this_threads_number;
  return number != kNobody ? number : find_this_threads_number();
}
#endif

// False if that thread has ended, also if its process has and was not waited for yet. True if that
// cannot be known. Some microseconds: it asks the kernel.
bool is_alive(OwnerId owner);

// Whether it is somebody's number, and that thread has ended.
inline bool is_dead(OwnerId owner) { return owner != kNobody && !is_alive(owner); }

// is_alive(), but what the calling thread has found out about this owner within the last
// millisecond is taken for true. For those who ask in a loop.
bool was_alive_lately(OwnerId owner);

// Whether the calling thread has not been told so, about this object, within the last millisecond:
// for those who look in a loop and would ask for many owners.
bool is_time_to_ask(const void* object);

}  // namespace weft::internal
