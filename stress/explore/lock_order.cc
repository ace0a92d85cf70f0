#include "stress/explore/lock_order.h"

#include "stress/explore/held_locks.h"
#include "stress/explore/strategy.h"

namespace weft::explore {

// Of the running execution.
constinit LockOrder lock_order;

namespace {

constexpr uint32_t kMostCandidates = 1 << 16;
// Of the search through cycles: who has so many contradictions has been told of none by then.
constexpr uint32_t kMostSteps = 200'000;

}  // namespace

// The holds above it are made anew, without it.
void LockOrder::let_go_below(LockHolder& holder, LockId lock) {
  path_.clear();
  uint32_t at = holder.held;
  for (; at != 0 && holds_[at].lock != lock; at = holds_[at].below) path_.push(at);
  if (at == 0) return;
  uint32_t held = holds_[at].below;
  for (; !path_.empty(); path_.pop()) {
    Hold moved = holds_[path_.back()];
    moved.chain = (holds_[held].chain + moved.lock * 8 + moved.how) * 0x9E3779B97F4A7C15u;
    moved.below = held;
    moved.how &= static_cast<uint8_t>(~kWaits);  // it was waited for before
    holds_.push(moved);
    held = holds_.size() - 1;
  }
  holder.held = held;
}

bool LockOrder::has(const LockHolder& holder, LockId lock) const {
  for (uint32_t at = holder.held; at != 0; at = holds_[at].below) {
    if (holds_[at].lock == lock) return true;
  }
  return false;
}

bool LockOrder::find() {
  found_.clear();
  // A sum of nothing is 0, and so are free places.
  uint64_t& remembered = acyclic_[signature_ % kRemembered];
  if (signature_ == remembered) return false;
  collect();
  if (is_acyclic()) {
    remembered = signature_;
    return false;
  }
  steps_left_ = kMostSteps;
  const uint32_t longest = locks_.size();
  for (uint32_t length = 2; length <= longest && steps_left_ > 0; ++length) {
    for (uint32_t start = 0; start < candidates_.size() && steps_left_ > 0; ++start) {
      if (candidates_[start].to < candidates_[start].from) continue;
      path_.clear();
      path_.push(start);
      if (!extend(candidates_[start].from, candidates_[start].to, length)) continue;
      for (uint32_t i : path_) found_.push(candidates_[i].edge);
      return true;
    }
  }
  return false;
}

uint32_t LockOrder::number_of(LockId lock) {
  if (locks_.size() * 2 >= slots_.size()) {
    const uint32_t size = slots_.size() * 2 < 64 ? 64 : slots_.size() * 2;
    slots_.resize(size);
    __builtin_memset(slots_.begin(), 0, uint64_t{size} * sizeof(uint32_t));
    for (uint32_t i = 0; i < locks_.size(); ++i) {
      uint32_t at = static_cast<uint32_t>((locks_[i] * 0x9E3779B97F4A7C15u) >> 32) & (size - 1);
      while (slots_[at] != 0) at = (at + 1) & (size - 1);
      slots_[at] = i + 1;
    }
  }
  const uint32_t mask = slots_.size() - 1;
  uint32_t at = static_cast<uint32_t>((lock * 0x9E3779B97F4A7C15u) >> 32) & mask;
  for (; slots_[at] != 0; at = (at + 1) & mask) {
    if (locks_[slots_[at] - 1] == lock) return slots_[at] - 1;
  }
  locks_.push(lock);
  slots_[at] = locks_.size();
  return locks_.size() - 1;
}

// One of each sort: the same locks, thread, segment, and what is held besides.
void LockOrder::collect_edges_to(uint32_t taken) {
  const Hold& to = holds_[taken];
  for (uint32_t held = to.below; held != 0; held = holds_[held].below) {
    if (holds_[held].lock == to.lock || (holds_[held].how & kPermit) != 0) continue;
    const Candidate made = {
        {to.thread, held, taken}, number_of(holds_[held].lock), number_of(to.lock)};
    bool is_new = true;
    // Loops repeat what they did last; others are found by a search that is not much slower.
    for (uint32_t i = candidates_.size(); is_new && i > 0; --i) {
      const Candidate& known = candidates_[i - 1];
      const Hold& known_to = holds_[known.edge.taken];
      is_new = known.from != made.from || known.to != made.to ||
               known.edge.thread != made.edge.thread || known_to.segment != to.segment ||
               known_to.chain != to.chain || holds_[known.edge.held].how != holds_[held].how;
      if (candidates_.size() - i > 256) break;
    }
    if (is_new && candidates_.size() < kMostCandidates) candidates_.push(made);
  }
}

void LockOrder::collect() {
  locks_.clear();
  candidates_.clear();
  if (!slots_.empty()) {
    __builtin_memset(slots_.begin(), 0, uint64_t{slots_.size()} * sizeof(uint32_t));
  }
  for (uint32_t i = 1; i < holds_.size(); ++i) {
    if (holds_[i].below != 0 && (holds_[i].how & kWaits) != 0) collect_edges_to(i);
  }
  // By `from`, each lock's in the order of time: counted, then put in their places.
  const uint32_t locks = locks_.size();
  first_.clear();
  first_.resize(locks + 1);
  __builtin_memset(first_.begin(), 0, uint64_t{locks + 1} * sizeof(uint32_t));
  for (const Candidate& each : candidates_) ++first_[each.from];
  uint32_t sum = 0;
  for (uint32_t i = 0; i <= locks; ++i) {
    const uint32_t count = first_[i];
    first_[i] = sum;
    sum += count;
  }
  static Array<Candidate> sorted;
  sorted.resize(candidates_.size());
  for (const Candidate& each : candidates_) sorted[first_[each.from]++] = each;
  for (uint32_t i = 0; i < sorted.size(); ++i) candidates_[i] = sorted[i];
  for (uint32_t i = locks; i > 0; --i) first_[i] = first_[i - 1];
  first_[0] = 0;
}

// Whether all edges fit one order of the locks, whoever made them: takes away locks that nobody
// waits for, until none is left (Kahn, "Topological sorting of large networks", 1962).
bool LockOrder::is_acyclic() {
  const uint32_t locks = locks_.size();
  static Array<uint32_t> waits;
  waits.resize(locks);
  __builtin_memset(waits.begin(), 0, uint64_t{locks} * sizeof(uint32_t));
  for (const Candidate& each : candidates_) ++waits[each.to];
  path_.clear();
  for (uint32_t i = 0; i < locks; ++i) {
    if (waits[i] == 0) path_.push(i);
  }
  for (uint32_t done = 0; done < path_.size(); ++done) {
    const uint32_t lock = path_[done];
    for (uint32_t i = first_[lock]; i < first_[lock + 1]; ++i) {
      if (--waits[candidates_[i].to] == 0) path_.push(candidates_[i].to);
    }
  }
  return path_.size() == locks;
}

// Extends path_, which leads from lock `start` to `at`, to a cycle of `length` edges.
bool LockOrder::extend(uint32_t start, uint32_t at, uint32_t length) {
  for (uint32_t i = first_[at]; i < first_[at + 1]; ++i) {
    const Candidate& next = candidates_[i];
    const bool closes = path_.size() + 1 == length;
    // The lock of the smallest number begins, so that each cycle is met once.
    if (closes ? next.to != start : next.to <= start) continue;
    if (steps_left_ == 0) return false;
    --steps_left_;
    bool fits = waits_for(candidates_[path_.back()], next);
    for (uint32_t before : path_) {
      fits = fits && may_be_beside(candidates_[before], next) &&
             (closes || candidates_[before].to != next.to);
    }
    if (!fits || (closes && !waits_for(next, candidates_[path_[0]]))) continue;
    path_.push(i);
    if (closes || extend(start, next.to, length)) return true;
    path_.pop();
  }
  return false;
}

bool LockOrder::may_be_beside(const Candidate& one, const Candidate& other) const {
  if (one.edge.thread == other.edge.thread) return false;  // C1
  const Hold& first = holds_[one.edge.taken];
  const Hold& second = holds_[other.edge.taken];
  return !have_gate(first.below, second.below) && !is_before(first, second) &&
         !is_before(second, first);
}

bool LockOrder::have_gate(uint32_t one, uint32_t other) const {
  for (uint32_t a = one; a != 0; a = holds_[a].below) {
    for (uint32_t b = other; b != 0; b = holds_[b].below) {
      if (is_gate_between(holds_[a], holds_[b])) return true;
    }
  }
  return false;
}

bool LockOrder::is_gate_between(const Hold& one, const Hold& other) const {
  if (one.lock != other.lock || (one.how & other.how & kShared) != 0) return false;
  if ((one.how & kPermit) == 0) return true;
  for (LockId gate : gates_) {
    if (gate == one.lock) return true;
  }
  return false;
}

bool LockOrder::waits_for(const Candidate& one, const Candidate& next) const {
  const Hold& wanted = holds_[one.edge.taken];
  const Hold& held = holds_[next.edge.held];
  if ((wanted.how & held.how & kShared) != 0) return false;
  for (LockId signal : signals_) {
    if (signal == wanted.lock) return false;
  }
  return true;
}

// Goes back from `other` along the creations and ends of threads. `reached` is the last segment of
// each thread that comes before it, counted from 1.
bool LockOrder::is_before(const Hold& one, const Hold& other) const {
  static uint32_t reached[kMaxThreads];
  struct Place {
    ThreadId thread;
    uint32_t segment;
  };
  static Array<Place> pending;
  __builtin_memset(reached, 0, sizeof reached);
  pending.clear();
  pending.push({other.thread, other.segment});
  while (!pending.empty()) {
    const Place place = pending.back();
    pending.pop();
    const uint32_t known = reached[place.thread];
    if (known > place.segment) continue;
    reached[place.thread] = place.segment + 1;
    for (const Made& made : made_) {
      if (made.joined && made.thread == place.thread && made.segment <= place.segment) {
        pending.push({made.other, UINT32_MAX - 1});
      } else if (!made.joined && made.other == place.thread) {
        pending.push({made.thread, made.segment});
      }
    }
  }
  return reached[one.thread] > one.segment;
}

}  // namespace weft::explore
