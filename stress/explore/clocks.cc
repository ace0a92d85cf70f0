#include "stress/explore/clocks.h"

#include "stress/explore/raw.h"

namespace weft::explore {

ThreadClock thread_clocks[kMaxThreads];
unsigned clock_width = 0;
uint32_t* row_memory = nullptr;

namespace {

constexpr uint32_t kRowElements = 1u << 28;
uint32_t next_row = 0;

}  // namespace

Row new_row(uint32_t elements) {
  if (kRowElements - next_row < elements) {
    raw_die("race detection is out of memory for this execution; shorten it, or give WEFT_RACES=0");
  }
  const Row row = next_row;
  next_row += elements;
  clear_clock(elements_of(row), elements);
  return row;
}

void begin_clocks() {
  if (row_memory == nullptr) {
    row_memory =
        reinterpret_cast<uint32_t*>(map_memory(0, uint64_t{kRowElements} * sizeof(uint32_t)));
    if (row_memory == nullptr) raw_die("no address space for race detection; give WEFT_RACES=0");
  }
  next_row = 1;
  clock_width = 1;
  ThreadClock& root = thread_clocks[0];
  root.id = 0;
  root.ignored = 0;
  root.has_released = root.has_to_acquire = root.has_joined = false;
  root.now = root.at[0] = 1;
}

void fork_clock(ThreadClock& parent) {
  const unsigned id = clock_width++;
  for (unsigned other = 0; other < id; ++other) {
    ThreadClock& clock = thread_clocks[other];
    clock.at[id] = clock.released[id] = clock.to_acquire[id] = 0;
  }
  ThreadClock& child = thread_clocks[id];
  child.id = static_cast<ThreadId>(id);
  child.ignored = 0;
  child.has_released = child.has_to_acquire = child.has_joined = false;
  copy_clock(child.at, parent.at, id);
  child.now = child.at[id] = 1;
  parent.begin_period();
}

}  // namespace weft::explore
