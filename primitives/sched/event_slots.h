// EventSlots: where the scheduler keeps what belongs to an event, beside its place in the order.
//
// A slot does not move, so an action can be called in it while other threads enter events.
//
// Thread safety: none; the scheduler's mutex guards the table and every slot, except the action of
// a slot in kRunning: that one belongs to the thread that runs it.
// Invariants:     (I1) A slot's sequence is 0 if and only if it is kFree; no two slots have the
//                      same other one. So a key, or a handle, is of a live event if and only if its
//                      sequence is its slot's.
//                 (I2) When no slot is used, the next ones are taken in the order of their places.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "primitives/sched/action.h"
#include "primitives/sched/event_order.h"

namespace weft::internal {

struct alignas(64) EventSlot {
  enum class State : std::uint32_t { kFree, kPending, kRunning };

  Action action;
  std::uint64_t sequence = 0;
  State state = State::kFree;
  std::uint32_t next_free = 0;  // if kFree
};
static_assert(sizeof(EventSlot) == 64, "one cache line an event");

class EventSlots {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  // A free slot, which is used from now on. May throw std::bad_alloc, and has changed nothing then.
  std::uint32_t take();
  // Its action must be empty, so that no code of the user's runs.
  void free(std::uint32_t index);

  // Any that take() has ever returned.
  EventSlot& operator[](std::uint32_t index) const {
    return chunks_[index / kSlotsOfChunk][index % kSlotsOfChunk];
  }
  bool is_live(const EventKey& key) const { return (*this)[key.slot].sequence == key.sequence; }
  auto is_dead() const {
    return [this](const EventKey& key) { return !is_live(key); };
  }
  std::size_t used() const { return used_; }

 private:
  static constexpr std::uint32_t kSlotsOfChunk = 1024;

  std::vector<std::unique_ptr<EventSlot[]>> chunks_;
  std::uint32_t begun_ = 0;  // slots from here on are free and in no list
  std::uint32_t used_ = 0;
  std::uint32_t free_ = kNone;  // the first of the list of free ones
};

}  // namespace weft::internal
