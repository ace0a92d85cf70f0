#include "primitives/ipc/explored_owner.h"

#if defined(WEFT_EXPLORE)
#include "primitives/base/explored_thread.h"

namespace weft::internal {
namespace {

// Told and asked by operations of the explorer, so that it tries both orders.
bool ended[kMostExplored];

bool& ended_of(OwnerId owner) { return ended[(owner - kFirstExplored) % kMostExplored]; }

class Presence {
 public:
  // No operation: an execution begins with threads that have not ended, and when this thread first
  // asks for its number nobody else knows it.
  __attribute__((disable_sanitizer_instrumentation)) explicit Presence(OwnerId owner)
      : owner_(owner) {
    ended[(owner - kFirstExplored) % kMostExplored] = false;
  }
  ~Presence() { __atomic_store_n(&ended_of(owner_), true, __ATOMIC_SEQ_CST); }

 private:
  const OwnerId owner_;
};

}  // namespace

bool explored_threads_live_on = false;

OwnerId this_owner() {
  const OwnerId id = thread_id();
  if (!is_explored(id)) {
    return this_threads_number != kNobody ? this_threads_number : find_this_threads_number();
  }
  thread_local Presence presence(id);
  return id;
}

bool is_explored(OwnerId owner) { return is_explored_thread(owner); }
bool has_ended(OwnerId owner) {
  return !explored_threads_live_on && __atomic_load_n(&ended_of(owner), __ATOMIC_SEQ_CST);
}

}  // namespace weft::internal
#endif
