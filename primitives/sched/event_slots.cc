#include "primitives/sched/event_slots.h"

#include <new>

namespace weft::internal {

std::uint32_t EventSlots::take() {
  std::uint32_t index = free_;
  if (index != kNone) {
    free_ = (*this)[index].next_free;
  } else {
    if (begun_ == kNone) throw std::bad_alloc();
    if (begun_ == chunks_.size() * kSlotsOfChunk) {
      chunks_.push_back(std::make_unique<EventSlot[]>(kSlotsOfChunk));
    }
    index = begun_++;
  }
  ++used_;
  return index;
}

void EventSlots::free(std::uint32_t index) {
  EventSlot& freed = (*this)[index];
  freed.sequence = 0;
  freed.state = EventSlot::State::kFree;
  if (--used_ == 0) {
    begun_ = 0;
    free_ = kNone;
  } else {
    freed.next_free = free_;
    free_ = index;
  }
}

}  // namespace weft::internal
