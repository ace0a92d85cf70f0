#include "primitives/base/recycled_memory.h"

namespace weft::internal {

constinit thread_local RecycledMemory::Shelf RecycledMemory::shelves_[kSizes] = {};
constinit thread_local bool RecycledMemory::ended_ = false;

bool RecycledMemory::open(Shelf& shelf) noexcept {
  struct AtTheEnd {
    ~AtTheEnd() { clear(); }
    bool known = true;
  };
  if (shelf.is_open || ended_) return false;
  static thread_local AtTheEnd at_the_end;
  shelf.is_open = at_the_end.known;
  shelf.room = kKept;
  return true;
}

// At the end of the thread; pieces that are freed later, in the destructors of others, are not
// kept.
void RecycledMemory::clear() noexcept {
  ended_ = true;
  for (Shelf& shelf : shelves_) {
    shelf.room = 0;
    while (Kept* const kept = shelf.first) {
      shelf.first = kept->next;
      ::operator delete(kept);
    }
  }
}

}  // namespace weft::internal
