#include "primitives/ipc/explored_owner.h"

#if defined(WEFT_EXPLORE)
#include <unistd.h>

namespace weft::internal {
namespace {

constexpr OwnerId kFirst = 1'000'000;  // as the explorer's gettid()
constexpr std::size_t kMostThreads = 1024;

// Told and asked by operations of the explorer, so that it tries both orders.
bool ended[kMostThreads];

bool& ended_of(OwnerId owner) { return ended[(owner - kFirst) % kMostThreads]; }

class Presence {
 public:
  // No operation: an execution begins with threads that have not ended, and when this thread first
  // asks for its number nobody else knows it.
  __attribute__((disable_sanitizer_instrumentation)) explicit Presence(OwnerId owner)
      : owner_(owner) {
    ended[(owner - kFirst) % kMostThreads] = false;
  }
  ~Presence() { __atomic_store_n(&ended_of(owner_), true, __ATOMIC_SEQ_CST); }

 private:
  const OwnerId owner_;
};

}  // namespace

bool explored_threads_live_on = false;

OwnerId this_owner() {
  const auto id = static_cast<OwnerId>(::gettid());
  if (!is_explored(id)) {
    return this_threads_number != kNobody ? this_threads_number : find_this_threads_number();
  }
  thread_local Presence presence(id);
  return id;
}

bool is_explored(OwnerId owner) { return owner >= kFirst && owner < kFirst + kMostThreads; }
bool has_ended(OwnerId owner) {
  return !explored_threads_live_on && __atomic_load_n(&ended_of(owner), __ATOMIC_SEQ_CST);
}

}  // namespace weft::internal
#endif
