// What a caller of ProcessWorkers does for itself while it waits: it looks for its result.
#include <exception>
#include <thread>
#include <utility>

#include "primitives/pool/spin.h"
#include "primitives/process/children.h"
#include "primitives/process_pool/pool_errors.h"
#include "primitives/process_pool/process_workers.h"

namespace weft::internal {

bool ProcessWorkers::look_for_result(Watch& watch, const Post& post, SpinBudget& budget) noexcept {
  // In a fork of the process that made it the results are not ours. A callback that waits, waits
  // for the collector, always, and not only if it takes long.
  if (!may_spin() || generation_ != generation()) return false;
  if (std::this_thread::get_id() == collector_.get_id()) return false;
  Place& place = *places_[watch.place];
  if (place.life != post.life) return false;
  Stream& results = place.desk.slot->results;
  watch.begin(results);
  const bool come = spin_for(budget, [&] { return !place.results->is_empty(); });
  const Taken taken = come ? take_result(place, post.number) : Taken{};
  watch.end(results, *place.results, bell_);
  if (taken.leaves_some) bell_.ring();
  return !come || taken.mine;
}

ProcessWorkers::Taken ProcessWorkers::take_result(Place& place, std::uint64_t number) {
  constexpr Taken other{.mine = false, .leaves_some = true};
  StreamReader& stream = *place.results;
  ResultHeader header;
  Bytes bytes;
  try {
    const std::size_t available = stream.available();
    if (place.incoming || available < sizeof header) return other;
    stream.peek(bytes_of(header));
    if (header.number != number || header.kind == ResultHeader::kNoStart) return other;
    if (available - sizeof header < header.size) return other;
    bytes.resize(header.size);
  } catch (const std::exception&) {
    return other;  // what is wrong with the stream the collector finds, too
  }
  stream.skip(sizeof header);
  stream.read(bytes);
  Ended ended{header.number, nullptr, 0, header.size, header.kind};
  bool leaves_some = false;
  try {
    leaves_some = hand_over(place, {&ended, 1});
  } catch (const ipc::CorruptedError&) {
    kill(place);
    return other;
  }
  ended.task->calls_observers = false;
  finish(ended, bytes);
  if (ended.task->unpublished) {
    MutexLock hold(mutex_);
    unpublished_.push_back(std::move(ended.task));
    leftovers_.store(true);
    leaves_some = true;
  }
  return {.mine = true, .leaves_some = leaves_some};
}

}  // namespace weft::internal
