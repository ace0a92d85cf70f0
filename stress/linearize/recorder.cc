#include "stress/linearize/recorder.h"

#include <utility>

namespace weft::linearize {

Recorder::Recorder(std::vector<std::vector<Operation>> lanes, std::size_t before)
    : lanes_(std::move(lanes)), releases_(lanes_.size()), before_(before) {
  begin(Order::kMarks);
}

void Recorder::begin(Order order) {
  const Unrecorded harness;
  order_ = order;
  marks_ = 0;
  for (auto& lane : lanes_) {
    for (Operation& operation : lane) {
      operation.end = End::kPending;
      operation.result = Value();
      operation.invoked = operation.returned = Operation::kNever;
    }
  }
  release(static_cast<unsigned>(lanes_.size() - 1));
}

void Recorder::release(unsigned lane) {
  auto& releases = releases_[lane];
  // relaxed: only this lane's thread writes it. release: pairs with the acquire load in
  // history_of_sleepers(), and with nothing that another lane does.
  releases.store(releases.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

std::uint32_t Recorder::came_before(const std::vector<std::vector<Operation>>& lanes, unsigned lane,
                                    std::size_t place, unsigned other) const {
  const auto main = static_cast<unsigned>(lanes.size() - 1);
  const Operation& operation = lanes[lane][place];
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < lanes[other].size(); ++i) {
    const Operation& earlier = lanes[other][i];
    if (earlier.end != End::kReturned) break;
    const bool in_another_phase =
        (other == main && i < before_) || (lane == main && place >= before_);
    const bool ordered =
        order_ == Order::kMarks ? earlier.returned < operation.invoked : in_another_phase;
    if (!ordered) break;
    count = static_cast<std::uint32_t>(i + 1);
  }
  return count;
}

History Recorder::history(End end) const {
  History history;
  for (const auto& lane : lanes_) {
    auto& begun = history.threads.emplace_back();
    for (const Operation& operation : lane) {
      if (operation.invoked == Operation::kNever) break;
      if (operation.end == End::kReturned) {
        begun.push_back(operation);
        continue;
      }
      // What it has of a result its thread may still be writing.
      begun.push_back({.function = operation.function,
                       .arguments = operation.arguments,
                       .end = end,
                       .invoked = operation.invoked});
    }
  }
  for (unsigned lane = 0; lane < history.threads.size(); ++lane) {
    auto& of_lane = history.known.emplace_back(history.threads[lane].size());
    for (std::size_t place = 0; place < of_lane.size(); ++place) {
      for (unsigned other = 0; other < history.threads.size(); ++other) {
        of_lane[place].push_back(other == lane ? 0
                                               : came_before(history.threads, lane, place, other));
      }
    }
  }
  return history;
}

History Recorder::history_of_sleepers() const {
  // acquire: pairs with the release store in release().
  for (const auto& releases : releases_) (void)releases.load(std::memory_order_acquire);
  return history(End::kBlocked);
}

}  // namespace weft::linearize
