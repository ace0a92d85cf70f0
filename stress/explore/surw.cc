#include "stress/explore/surw.h"

namespace weft::explore {
namespace {

// From time to time anew, because what an execution does may depend on its order.
bool is_time_to_profile(uint64_t executions) {
  return executions < 4 || (executions & 63) == 0 || (executions & (executions - 1)) == 0;
}

uint32_t hash_of(uint64_t value) {
  return static_cast<uint32_t>((value * 0x9E3779B97F4A7C15u) >> 40);
}

}  // namespace

// kNone when there are too many objects; those met first are the ones to choose from.
unsigned Surw::number_of(uintptr_t address) {
  constexpr unsigned kSlots = kObjects * 4;
  unsigned slot = hash_of(address) % kSlots;
  for (; slots_[slot] != 0; slot = (slot + 1) % kSlots) {
    if (objects_[slots_[slot] - 1].address == address) return slots_[slot] - 1u;
  }
  if (object_count_ == kObjects) return kNone;
  slots_[slot] = static_cast<uint16_t>(++object_count_);
  objects_[object_count_ - 1].address = address;
  return object_count_ - 1;
}

// Null when the table is full and has no such count.
Surw::Count* Surw::count_of(unsigned object, unsigned thread) {
  const uint32_t key = object * kMaxThreads + thread + 1;
  unsigned slot = hash_of(key) % kCounts;
  for (unsigned tries = 0; tries < 32; ++tries, slot = (slot + 1) % kCounts) {
    if (counts_[slot].key == 0) counts_[slot] = {key, 0};
    if (counts_[slot].key == key) return &counts_[slot];
  }
  return nullptr;
}

void Surw::count(ThreadId id, const Operation& operation) {
  if (operation.object == 0 || operation.op == Op::kJoin) return;
  const unsigned number = number_of(operation.object);
  if (number == kNone) return;
  Object& object = objects_[number];
  if (object.toucher == kNobody) object.toucher = id;
  if (object.toucher != id) object.shared = true;
  if (!only_reads(operation.op)) object.changed = true;
  if (Count* count = count_of(number, id)) ++count->count;
}

void Surw::draw_what_matters() {
  everything_ = all_ || profiling_ || dice_.below(4) == 0;
  if (everything_) return;
  unsigned shared = 0;
  for (unsigned i = 0; i < object_count_; ++i) {
    shared += objects_[i].shared && objects_[i].changed ? 1 : 0;
  }
  const unsigned wanted = dice_.below(4) == 0 ? 2 : 1;
  objects_now_[0] = objects_now_[1] = 0;
  numbers_now_[0] = numbers_now_[1] = kNone;
  for (unsigned i = 0; i < wanted && shared != 0; ++i) {
    unsigned left = dice_.below(shared);
    for (unsigned number = 0; number < object_count_; ++number) {
      if (!objects_[number].shared || !objects_[number].changed || left-- != 0) continue;
      objects_now_[i] = objects_[number].address;
      numbers_now_[i] = number;
      break;
    }
  }
  if (numbers_now_[1] == numbers_now_[0]) numbers_now_[1] = kNone;
  if (numbers_now_[1] == kNone) objects_now_[1] = objects_now_[0];
  everything_ = shared == 0;
}

void Surw::weigh() {
  for (unsigned id = 0; id < most_; ++id) {
    weight_[id] = everything_ ? own_[id] : 0;
    for (unsigned i = 0; i < 2 && !everything_; ++i) {
      const Count* const count = numbers_now_[i] == kNone ? nullptr : count_of(numbers_now_[i], id);
      if (count != nullptr) weight_[id] += count->count;
    }
  }
  for (unsigned id = most_ - 1; id > 0; --id) weight_[parent_[id]] += weight_[id];
}

bool Surw::begin(uint64_t seed) {
  dice_.seed(seed);
  profiling_ = is_time_to_profile(executions_++);
  draw_what_matters();
  weigh();
  if (profiling_) {
    for (Count& count : counts_) count = {};
  }
  for (unsigned id = 0; id < most_; ++id) {
    doing_[id] = 0;
    has_joined_[id] = false;
  }
  intended_ = kNobody;
  last_ = 0;
  known_ = 1;
  return true;
}

void Surw::welcome(const Candidates& candidates) {
  const unsigned word = candidates.words - 1;
  const uint64_t bits = candidates.set.words[word];
  if (bits == 0) return;
  const unsigned end = word * 64 + 64 - static_cast<unsigned>(__builtin_clzll(bits));
  for (; known_ < end; ++known_) {
    has_joined_[last_] = false;
    if (known_ >= most_) {
      most_ = known_ + 1;
      weight_[known_] = doing_[known_] = own_[known_] = 0;
      parent_[known_] = last_;
      continue;
    }
    uint32_t& weight = weight_[parent_[known_]];
    weight -= weight < weight_[known_] ? weight : weight_[known_];
    if (profiling_) parent_[known_] = last_ < known_ ? last_ : ThreadId{0};
  }
}

void Surw::done(ThreadId id, const Operation& operation) {
  last_ = id;
  if (operation.op == Op::kJoin) has_joined_[id] = true;
  if (has_joined_[id]) return;
  ++doing_[id];
  if (profiling_) count(id, operation);
  if (!matters(operation)) return;
  if (weight_[id] > 0) --weight_[id];
  if (id == intended_) intended_ = kNobody;
}

ThreadId Surw::draw_by_weight(const Candidates& candidates) {
  // One of whom nothing is expected has a chance, too. That one goes on changes no order of the
  // others' operations.
  const auto weight = [&](ThreadId id) { return weight_[id] == 0 ? 1 : weight_[id]; };
  uint32_t sum = 0;
  candidates.for_each([&](ThreadId id) { sum += weight(id); });
  uint32_t left = dice_.below(sum);
  ThreadId drawn = kNobody;
  candidates.for_each([&](ThreadId id) {
    if (drawn != kNobody) return;
    if (left < weight(id)) drawn = id;
    left -= weight(id);
  });
  return drawn;
}

ThreadId Surw::choose(const Candidates& candidates) {
  welcome(candidates);
  ThreadId chosen = kNobody;
  if (everything_) {
    chosen = draw_by_weight(candidates);
  } else {
    if (intended_ == kNobody || !candidates.set.has(intended_)) {
      intended_ = draw_by_weight(candidates);
    }
    // Whoever does not come between the intended one and its operation.
    unsigned free = 0;
    const auto is_free = [&](ThreadId id) {
      return id == intended_ || !matters(*candidates.pending[id]);
    };
    candidates.for_each([&](ThreadId id) { free += is_free(id) ? 1 : 0; });
    unsigned left = dice_.below(free);
    candidates.for_each([&](ThreadId id) {
      if (chosen == kNobody && is_free(id) && left-- == 0) chosen = id;
    });
  }
  done(chosen, *candidates.pending[chosen]);
  return chosen;
}

void Surw::step(ThreadId id, const Operation& pending) { done(id, pending); }

unsigned Surw::choose_value(Question question, unsigned n) {
  return random_value(dice_, question, n);
}

bool Surw::end() {
  for (unsigned id = 0; id < most_ && profiling_; ++id) own_[id] = doing_[id];
  return false;
}

}  // namespace weft::explore
