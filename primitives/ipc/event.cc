#include "primitives/ipc/event.h"

#include "primitives/annotate.h"
#include "primitives/base/spin.h"

namespace weft::ipc {

void Event::set() {
  std::uint32_t seen = load();
  const auto is_set = [&] { return (seen & kFlag) != 0; };
  // Also if it is set already, but not by this thread: what it did before is to be seen, too.
  while (!change(seen, is_set() ? seen : ((seen & ~kWaiters) + kOnce) | kFlag)) {
  }
  if (is_set()) return;
  annotate::released(shared_.get(), "ipc::Event");
  if ((seen & kWaiters) != 0) internal::wake_all_shared(internal::low_half(shared_->word));
}

void Event::clear() {
  std::uint32_t seen = load();
  while ((seen & kFlag) != 0 && !change(seen, seen & ~kFlag)) {
  }
}

bool Event::wait_before(const Deadline& deadline) {
  std::uint32_t seen = load();
  const std::uint32_t at_entry = times(seen);
  const auto is_free = [&] {
    seen = load();
    return (seen & kFlag) != 0 || times(seen) != at_entry;
  };
  if ((seen & kFlag) != 0) return true;
  if (deadline.has_passed()) return false;
  annotate::waiting(shared_.get(), "ipc::Event");
  if (!deadline.is_never()) annotate::limited(shared_.get());
  bool was_set = internal::spin_until(is_free);
  internal::BoundedWait pause;
  while (!was_set) {
    if ((was_set = is_free()) || deadline.has_passed()) break;
    if ((seen & kWaiters) == 0) {
      if (!change(seen, seen | kWaiters)) continue;
      seen |= kWaiters;
    }
    pause.wait(internal::low_half(shared_->word), seen, deadline);
  }
  annotate::released(shared_.get(), "ipc::Event");
  return was_set;
}

}  // namespace weft::ipc
