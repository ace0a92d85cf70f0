#include "primitives/sched/event_order.h"

#include <algorithm>
#include <array>
#include <bit>
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

// A part that is distributed by the times of its keys becomes parts of about so many keys, but not
// more than so many parts, and it takes some for it to pay.
constexpr std::size_t kKeysOfPart = 16;
constexpr int kLeastBits = 3;
constexpr int kMostBits = 8;
constexpr std::size_t kMostParts = std::size_t{1} << kMostBits;

constexpr auto later = [](const EventKey& a, const EventKey& b) { return b < a; };

// Xorshift of G. Marsaglia, "Xorshift RNGs" (Journal of Statistical Software 8, 2003), page 4.
std::uint64_t next_random(std::uint64_t& state) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

// In the standard library of GCC 12, std::bit_width() returns what it was given.
int bit_width(std::uint64_t value) { return static_cast<int>(std::bit_width(value)); }

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
  while (bulk_.size() - boundaries_.back() > kShort) {
    const std::size_t begin = boundaries_.back();
    if (!distribute(begin)) boundaries_.push_back(split(begin));
  }
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

// Divides [begin, end) into parts of about kKeysOfPart keys by their times, and adds where they
// begin; false if there are too few keys or all times are alike. In place, by the uppermost bits in
// which the times differ: "American flag sort" of P. McIlroy, K. Bostic and M. McIlroy,
// "Engineering Radix Sort" (Computing Systems 6, 1993), section 2. A part spans less than the whole
// did by some bits, so however the times lie a key is moved by it a few times at most.
bool EventOrder::distribute(std::size_t begin) {
  const std::size_t length = bulk_.size() - begin;
  const int bits = std::min(kMostBits, bit_width(length / kKeysOfPart));
  if (bits < kLeastBits) return false;
  EventKey* const keys = bulk_.data() + begin;
  const auto [first, last] = std::minmax_element(
      keys, keys + length, [](const EventKey& a, const EventKey& b) { return a.time < b.time; });
  // Unsigned, as times may be further apart than a signed number can say.
  const auto latest = static_cast<std::uint64_t>(last->time);
  const std::uint64_t span = latest - static_cast<std::uint64_t>(first->time);
  if (span == 0) return false;
  const int shift = std::max(0, bit_width(span) - bits);
  const auto part_of = [=](const EventKey& key) {
    return static_cast<std::size_t>((latest - static_cast<std::uint64_t>(key.time)) >> shift);
  };
  const std::size_t parts = part_of(*first) + 1;

  // Where each part ends, and how far its keys are in their place.
  std::array<std::size_t, kMostParts> ends{};
  std::array<std::size_t, kMostParts> next{};
  for (std::size_t i = 0; i < length; ++i) ++ends[part_of(keys[i])];
  for (std::size_t part = 1; part < parts; ++part) {
    next[part] = ends[part - 1];
    ends[part] += ends[part - 1];
  }
  for (std::size_t part = 0; part < parts; ++part) {
    for (; next[part] < ends[part]; ++next[part]) {
      EventKey key = keys[next[part]];
      for (std::size_t its = part_of(key); its != part; its = part_of(key)) {
        std::swap(key, keys[next[its]++]);
      }
      keys[next[part]] = key;
    }
  }
  for (std::size_t part = 1; part < parts; ++part) {
    if (ends[part] != ends[part - 1]) boundaries_.push_back(begin + ends[part - 1]);
  }
  return true;
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
