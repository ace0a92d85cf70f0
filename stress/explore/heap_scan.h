// Which blocks outlive an execution: those that something outside it refers to.
//
// As a generational garbage collector has it, with the execution for the young generation: stores
// to what outlives it (statics, the caller's frames, the process's own heap) are remembered while
// it runs, and looked at when it has left blocks behind. (Ungar, "Generation Scavenging", 1984;
// words are taken for addresses conservatively, as in Boehm, Weiser, "Garbage Collection in an
// Uncooperative Environment", 1988.) Code that is not instrumented stores unseen: where such code
// has allocated, and where too many stores were remembered, all that outlives the execution is
// searched.
//
// Thread safety: as runtime.h.
#pragma once

#include <stdint.h>

#include "stress/explore/process_end.h"
#include "stress/explore/runtime.h"

namespace weft::explore {

struct HeapHeader {
  static constexpr uint32_t kLive = 0x5765'6674;  // "Weft"
  static constexpr uint32_t kFree = 0x4672'6565;  // "Free"
  static constexpr uint16_t kSurvives = 1;
  static constexpr uint16_t kReferredToByLost = 2;
  uint32_t state;
  uint32_t size_class;
  uint32_t bytes;
  uint16_t marked;  // one of these, while survivors are looked for; else 0
  uint16_t used;    // it was freed before it was allocated
};
static_assert(sizeof(HeapHeader) == 16, "a block behind it is aligned to 16 bytes");

template <class F>
void for_each_block(uintptr_t floor, uintptr_t top, F function) {
  while (floor < top) {
    auto* header = reinterpret_cast<HeapHeader*>(floor);
    function(header);
    floor += sizeof(HeapHeader) + header->bytes;
  }
}

struct HeapRange {
  uintptr_t floor;
  uintptr_t top;
};
HeapRange heap_range_of(unsigned thread);
// What outlived earlier executions.
HeapRange heap_survivors_of(unsigned thread);
bool is_of_this_execution(const HeapHeader* header);
// Where the heap keeps its own account: it names blocks and does not keep them.
HeapRange heap_account();

// Stores that may have left an address of the heap in memory that outlives the execution.
class Remembered {
 public:
  void forget_all() {
    count_ = 0;
    overflowed_ = false;
  }
  void add(uintptr_t address) {
    for (unsigned i = 0; i < count_; ++i) {
      if (addresses_[i] == address) return;
    }
    if (count_ == kMost) {
      overflowed_ = true;
    } else {
      addresses_[count_++] = address;
    }
  }
  void add_unknown() { overflowed_ = true; }
  bool overflowed() const { return overflowed_; }
  bool any() const { return overflowed_ || count_ > 0; }
  const uintptr_t* begin() const { return addresses_; }
  const uintptr_t* end() const { return addresses_ + count_; }

 private:
  static constexpr unsigned kMost = 32;
  uintptr_t addresses_[kMost] = {};
  unsigned count_ = 0;
  bool overflowed_ = false;
};
extern Remembered remembered __attribute__((visibility("hidden")));

// Everything that ends with the execution lies in one range of addresses.
inline constexpr uintptr_t kOwnMemory = 0x6d00'0000'0000;
inline constexpr uintptr_t kOwnMemoryBytes = 0x300'0000'0000;

// Some execution has left a block that lives on.
extern bool any_survivors __attribute__((visibility("hidden")));
// Whether this address of the heap was in use before the execution began.
bool is_of_survivor(uintptr_t address);

// Whether memory at this address is still there after the execution. A whole program's is not.
inline bool outlives_execution(uintptr_t address) {
  if (address - kOwnMemory >= kOwnMemoryBytes) return !is_whole_program();
  return any_survivors && is_of_survivor(address);
}
// The tested code is about to store up to four words at this address.
inline void remember_store(uintptr_t address) {
  if (outlives_execution(address)) [[unlikely]]
    remembered.add(address & ~uintptr_t{7});
}

// Marks every live block of this execution that is referred to from outside, directly or by way of
// other blocks.
void mark_survivors(unsigned threads);
// Then: Leaked::first; 0 if every block survives.
uintptr_t first_lost();

}  // namespace weft::explore
