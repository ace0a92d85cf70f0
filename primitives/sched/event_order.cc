#include "primitives/sched/event_order.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace weft::internal {
namespace {

// A part so short is sorted at once.
constexpr std::size_t kShort = 32;
// So many recent keys are worth a new beginning of the bulk, if it is not much longer itself.
constexpr std::size_t kMany = 64;
constexpr std::size_t kShareOfBulk = 4;

constexpr auto later = [](const EventKey& a, const EventKey& b) { return b < a; };

// Xorshift of G. Marsaglia, "Xorshift RNGs" (Journal of Statistical Software 8, 2003), page 4.
std::uint64_t next_random(std::uint64_t& state) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

const EventKey& median(const EventKey& a, const EventKey& b, const EventKey& c) {
  if (a < b) return b < c ? b : (a < c ? c : a);
  return a < c ? a : (b < c ? c : b);
}

void require(bool holds, const char* sentence) {
  if (holds) return;
  std::fprintf(stderr, "weft: EventOrder is inconsistent: %s\n", sentence);
  std::abort();
}

}  // namespace

std::span<const EventKey> EventOrder::prepare() {
  settle();
  if (bulk_.size() > sorted_from_ || bulk_.empty()) return {};
  while (boundaries_.back() == bulk_.size()) boundaries_.pop_back();
  while (bulk_.size() - boundaries_.back() > kShort)
    boundaries_.push_back(split(boundaries_.back()));
  sorted_from_ = boundaries_.back();
  is_sorted_ = false;
  return std::span(bulk_).subspan(sorted_from_);
}

const EventKey& EventOrder::front() {
  if (!is_sorted_) {
    std::sort(bulk_.begin() + static_cast<std::ptrdiff_t>(sorted_from_), bulk_.end(), later);
    is_sorted_ = true;
  }
  return bulk_is_first() ? bulk_.back() : heap_.front();
}

void EventOrder::pop() {
  if (bulk_is_first()) {
    bulk_.pop_back();
  } else {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    heap_.pop_back();
  }
}

bool EventOrder::bulk_is_first() const {
  return heap_.empty() || (!bulk_.empty() && bulk_.back() < heap_.front());
}

void EventOrder::settle() {
  if (recent_.empty()) return;
  if (recent_.size() >= kMany && recent_.size() >= bulk_.size() / kShareOfBulk) {
    if (bulk_.empty()) {
      std::swap(bulk_, recent_);
    } else {
      bulk_.insert(bulk_.end(), recent_.begin(), recent_.end());
      recent_.clear();
    }
    begin_bulk_anew();
    return;
  }
  while (!recent_.empty()) {
    heap_.push_back(recent_.back());
    recent_.pop_back();
    std::push_heap(heap_.begin(), heap_.end(), later);
  }
}

// Moves the earlier keys of [begin, end) behind the later ones; returns where they begin, so that
// neither side is empty. N. Lomuto's partition, in the form without branches.
std::size_t EventOrder::split(std::size_t begin) {
  const std::size_t length = bulk_.size() - begin;
  const auto any = [&]() -> const EventKey& {
    return bulk_[begin + next_random(random_) % length];
  };
  const EventKey pivot = median(any(), any(), any());
  EventKey* const keys = bulk_.data();
  std::size_t middle = begin;
  for (std::size_t i = begin; i < bulk_.size(); ++i) {
    const bool is_later = pivot < keys[i];
    std::swap(keys[i], keys[middle]);
    middle += static_cast<std::size_t>(is_later);
  }
  // Nothing is later than the latest key: then that one alone is the left side.
  if (middle == begin) {
    std::iter_swap(
        bulk_.begin() + static_cast<std::ptrdiff_t>(begin),
        std::max_element(bulk_.begin() + static_cast<std::ptrdiff_t>(begin), bulk_.end()));
    ++middle;
  }
  return middle;
}

void EventOrder::begin_bulk_anew() {
  boundaries_.assign(1, 0);
  sorted_from_ = bulk_.size();
  is_sorted_ = true;
}

void EventOrder::merge_all() {
  bulk_.reserve(size());
  bulk_.insert(bulk_.end(), recent_.begin(), recent_.end());
  bulk_.insert(bulk_.end(), heap_.begin(), heap_.end());
  recent_.clear();
  heap_.clear();
}

std::vector<EventKey> EventOrder::keys() const {
  std::vector<EventKey> all;
  all.reserve(size());
  for (const auto* some : {&recent_, &bulk_, &heap_}) {
    all.insert(all.end(), some->begin(), some->end());
  }
  return all;
}

void EventOrder::check_invariants() const {
  require(std::is_heap(heap_.begin(), heap_.end(), later), "its heap is none");
  require(sorted_from_ <= bulk_.size() || bulk_.empty(), "more is sorted than there is");
  for (std::size_t i = sorted_from_; is_sorted_ && i + 1 < bulk_.size(); ++i) {
    require(bulk_[i + 1] < bulk_[i], "what it calls sorted is not");
  }
  for (const std::size_t boundary : boundaries_) {
    for (std::size_t left = 0; left < std::min(boundary, bulk_.size()); ++left) {
      for (std::size_t right = boundary; right < bulk_.size(); ++right) {
        require(bulk_[right] < bulk_[left], "a key is in the part of later ones");
      }
    }
  }
}

}  // namespace weft::internal
