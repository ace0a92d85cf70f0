#include "stress/linearize/search.h"

#include <algorithm>
#include <cstring>

#include "primitives/base/errors.h"

namespace weft::linearize::internal {
namespace {

constexpr std::size_t kSmallTable = 256;
// States beyond so many are given back after a search.
constexpr std::uint32_t kKeptStates = 1 << 16;
constexpr std::size_t kAlign = alignof(std::max_align_t);

constexpr std::size_t aligned(std::size_t bytes) { return (bytes + kAlign - 1) / kAlign * kAlign; }

std::unique_ptr<std::max_align_t[]> memory(std::size_t bytes) {
  return std::make_unique_for_overwrite<std::max_align_t[]>(aligned(bytes) / kAlign);
}

}  // namespace

Search::Search(const Specification& specification)
    : specification_(specification),
      state_bytes_(specification.state_bytes()),
      trivial_(specification.is_trivial()),
      initial_(memory(state_bytes_)),
      table_(kSmallTable) {
  for (unsigned f = 0; f < specification_.functions().size(); ++f) {
    reads_only_.push_back(specification_.reads_only(f));
  }
  specification_.make_initial(initial_.get());
}

Search::~Search() {
  drop_states(0);
  specification_.destroy(initial_.get());
}

Search::Node* Search::node(std::uint32_t index) {
  auto* const chunk = reinterpret_cast<std::byte*>(chunks_[index >> kChunkBits].get());
  return reinterpret_cast<Node*>(chunk + (index & ((1u << kChunkBits) - 1)) * node_bytes_);
}

void Search::drop_states(std::uint32_t keep) {
  if (live_ <= keep) return;
  for (std::uint32_t i = keep; i < live_ && !trivial_; ++i) {
    specification_.destroy(state(node(i)));
  }
  live_ = keep;
  chunks_.resize((keep + (1u << kChunkBits) - 1) >> kChunkBits);
}

void Search::lay_out(unsigned threads) {
  if (threads == threads_ && node_bytes_ != 0) return;
  drop_states(0);
  chunks_.clear();
  threads_ = threads;
  state_offset_ = aligned(sizeof(Node) + threads * sizeof(std::uint32_t));
  node_bytes_ = state_offset_ + aligned(state_bytes_);
}

// A place for a configuration that may turn out to be known already; its state is a copy.
Search::Node* Search::scratch(const Node* from) {
  if (count_ >> kChunkBits == chunks_.size()) chunks_.push_back(memory(node_bytes_ << kChunkBits));
  Node* const fresh = node(count_);
  const void* const original = from == nullptr
                                   ? static_cast<const void*>(initial_.get())
                                   : reinterpret_cast<const std::byte*>(from) + state_offset_;
  if (trivial_) {
    std::memcpy(state(fresh), original, state_bytes_);
    live_ = std::max(live_, count_ + 1);
  } else if (count_ < live_) {
    specification_.assign(state(fresh), original);
  } else {
    specification_.copy(state(fresh), original);
    ++live_;
  }
  return fresh;
}

std::uint64_t Search::hash_of(const std::uint32_t* words, std::uint64_t state_hash) const {
  std::uint64_t sum = state_hash;
  for (unsigned t = 0; t < threads_; ++t) {
    sum = (sum ^ words[t]) * 0x9e3779b97f4a7c15ULL;
    sum ^= sum >> 29;
  }
  return sum;
}

// False if there is one like it.
bool Search::insert(Node* fresh, std::uint32_t index) {
  const auto tag = static_cast<std::uint32_t>(fresh->hash >> 32);
  std::size_t at = fresh->hash & mask_;
  for (; table_[at].node != kNoNode; at = (at + 1) & mask_) {
    if (table_[at].tag != tag) continue;
    Node* const other = node(table_[at].node);
    if (other->hash == fresh->hash &&
        std::memcmp(words(other), words(fresh), threads_ * sizeof(std::uint32_t)) == 0 &&
        specification_.equal(state(other), state(fresh))) {
      return false;
    }
  }
  table_[at] = {tag, index};
  return true;
}

void Search::grow() {
  const std::size_t size = (mask_ + 1) * 4;
  if (table_.size() < size) table_.resize(size);
  std::fill_n(table_.begin(), size, Slot{});
  mask_ = size - 1;
  for (std::uint32_t i = 0; i < count_; ++i) {
    const std::uint64_t hash = node(i)->hash;
    std::size_t at = hash & mask_;
    while (table_[at].node != kNoNode) at = (at + 1) & mask_;
    table_[at] = {static_cast<std::uint32_t>(hash >> 32), i};
  }
}

bool Search::is_candidate(const std::uint32_t* words, unsigned thread) const {
  const std::uint32_t place = words[thread] >> kStepBits;
  if (place == calls_->count(thread)) return false;
  const std::uint32_t* const required = calls_->required(calls_->begin(thread) + place);
  for (unsigned other = 0; other < threads_; ++other) {
    if (words[other] >> kStepBits < required[other]) return false;
  }
  return true;
}

Turn Search::turn_of(const std::uint32_t* words, unsigned thread) const {
  const Call& call = (*calls_)[calls_->begin(thread) + (words[thread] >> kStepBits)];
  const Operation& operation = *call.operation;
  return {.function = operation.function,
          .thread = call.place.thread,
          .arguments = operation.arguments,
          .step = words[thread] & ((1u << kStepBits) - 1),
          .seen = operation.end == End::kReturned ? &operation.result : nullptr};
}

void Search::push(std::uint32_t index, std::uint32_t left, std::uint32_t steps) {
  const std::uint32_t* const at = words(node(index));
  const auto first = static_cast<std::uint32_t>(candidates_.size());
  for (unsigned thread = 0; thread < threads_; ++thread) {
    if (is_candidate(at, thread)) candidates_.push_back(thread);
  }
  // Who did not return comes last; of the others, who probably took effect first.
  const auto rank = [&](std::uint32_t thread) {
    const Call& call = (*calls_)[calls_->begin(thread) + (at[thread] >> kStepBits)];
    return std::pair(call.operation->end != End::kReturned, call.when);
  };
  for (std::size_t i = first + 1; i < candidates_.size(); ++i) {
    for (std::size_t j = i; j > first && rank(candidates_[j]) < rank(candidates_[j - 1]); --j) {
      std::swap(candidates_[j], candidates_[j - 1]);
    }
  }
  stack_.push_back({index, first, static_cast<std::uint32_t>(candidates_.size()), left, steps});
  if (left < best_left_ || (left == best_left_ && steps > best_steps_) || index == 0) {
    best_ = index;
    best_left_ = left;
    best_steps_ = steps;
  }
}

void Search::begin() {
  count_ = 0;
  mask_ = kSmallTable - 1;
  std::fill_n(table_.begin(), kSmallTable, Slot{});
  stack_.clear();
  candidates_.clear();

  Node* const root = scratch(nullptr);
  std::fill_n(words(root), threads_, 0);
  root->state_hash = specification_.hash(state(root));
  root->hash = hash_of(words(root), root->state_hash);
  root->parent = kNoNode;
  root->call = 0;
  insert(root, 0);
  count_ = 1;
  std::uint32_t left = 0;
  for (std::uint32_t call = 0; call < calls_->size(); ++call) {
    left += (*calls_)[call].operation->end == End::kReturned ? 1 : 0;
  }
  push(0, left, 0);
}

// Whether those that wait for ever do so rightly: there is nothing that they could do.
bool Search::is_end(std::uint32_t index) {
  const std::uint32_t* const at = words(node(index));
  for (unsigned thread = 0; thread < threads_; ++thread) {
    const std::uint32_t place = at[thread] >> kStepBits;
    if (place == calls_->count(thread)) continue;
    if ((*calls_)[calls_->begin(thread) + place].operation->end != End::kBlocked) continue;
    Node* const copy = scratch(node(index));
    if (specification_.step_or_spoil(state(copy), turn_of(at, thread)).kind != Step::kBlocked) {
      return false;
    }
  }
  return true;
}

void Search::take(unsigned thread) {
  Frame& frame = stack_.back();
  Node* const from = node(frame.node);
  const std::uint32_t word = words(from)[thread];
  const std::uint32_t number = calls_->begin(thread) + (word >> kStepBits);
  const End end = (*calls_)[number].operation->end;
  Node* const fresh = scratch(from);
  const Turn turn = turn_of(words(from), thread);
  const Step step = specification_.step_or_spoil(state(fresh), turn);
  if (step.kind == Step::kRefused || step.kind == Step::kBlocked) return;
  const bool is_done = step.kind == Step::kDone;
  if (is_done && end == End::kBlocked) return;
  std::memcpy(words(fresh), words(from), threads_ * sizeof(std::uint32_t));
  if (is_done) {
    words(fresh)[thread] = ((word >> kStepBits) + 1) << kStepBits;
  } else {
    if ((word & ((1u << kStepBits) - 1)) == kMostSteps) {
      throw ValueError("model " + specification_.name() + ": '" +
                       specification_.functions()[(*calls_)[number].operation->function] +
                       "' takes steps without end");
    }
    words(fresh)[thread] = word + 1;
  }
  fresh->state_hash = specification_.hash(state(fresh));
  // A call that never changes the state and may stand here need stand nowhere else: whatever order
  // there is stays one if the call is moved to the front of what is left.
  if (end == End::kReturned && is_done && reads_only_[turn.function]) frame.next = frame.end;
  fresh->hash = hash_of(words(fresh), fresh->state_hash);
  fresh->parent = frame.node;
  fresh->call = number;
  if (!insert(fresh, count_)) return;
  const std::uint32_t index = count_++;
  if (count_ * 2 > mask_) grow();
  push(index, frame.left - (is_done && end == End::kReturned ? 1 : 0), frame.steps + 1);
}

Verdict Search::run(const Calls& calls, std::uint64_t configurations, Clock::time_point deadline) {
  if (calls.size() >= 1u << (32 - kStepBits)) throw ValueError("history: too many operations");
  calls_ = &calls;
  lay_out(calls.threads());
  drop_states(kKeptStates);
  begin();
  const std::uint64_t most = std::min<std::uint64_t>(configurations, kNoNode - 1);
  for (std::uint32_t rounds = 1; !stack_.empty(); ++rounds) {
    Frame& frame = stack_.back();
    // First seen when no candidate has been tried.
    if (frame.left == 0 && frame.node + 1 == count_ && is_end(frame.node)) {
      best_ = frame.node;
      return Verdict::kLinearizable;
    }
    if (frame.next == frame.end) {
      stack_.pop_back();
      candidates_.resize(stack_.empty() ? 0 : stack_.back().end);
      continue;
    }
    if (count_ > most) return Verdict::kUndecided;
    if (rounds % 1024 == 0 && Clock::now() > deadline) return Verdict::kUndecided;
    take(candidates_[frame.next++]);
  }
  return Verdict::kViolated;
}

std::vector<std::uint32_t> Search::order() const {
  std::vector<std::uint32_t> order;
  auto* const self = const_cast<Search*>(this);
  for (const Node* at = self->node(best_); at->parent != kNoNode; at = self->node(at->parent)) {
    order.push_back(at->call);
  }
  std::reverse(order.begin(), order.end());
  return order;
}

std::string Search::state_after(const Calls& calls, const std::vector<std::uint32_t>& order) {
  const auto held = memory(state_bytes_);
  specification_.copy(held.get(), initial_.get());
  std::vector<unsigned> steps(calls.size(), 0);
  for (const std::uint32_t number : order) {
    const Operation& operation = *calls[number].operation;
    specification_.step(held.get(),
                        {.function = operation.function,
                         .thread = calls[number].place.thread,
                         .arguments = operation.arguments,
                         .step = steps[number]++,
                         .seen = operation.end == End::kReturned ? &operation.result : nullptr});
  }
  std::string text = specification_.text(held.get());
  specification_.destroy(held.get());
  return text;
}

std::vector<Refusal> Search::refusals() {
  std::vector<Refusal> refusals;
  const std::uint32_t* const at = words(node(best_));
  for (unsigned thread = 0; thread < threads_; ++thread) {
    const std::uint32_t place = at[thread] >> kStepBits;
    if (place == calls_->count(thread)) continue;
    const Call& call = (*calls_)[calls_->begin(thread) + place];
    Refusal refusal{.place = call.place};
    if (call.operation->end == End::kPending) continue;
    if (call.operation->end == End::kBlocked && best_left_ > 0) continue;
    if (!is_candidate(at, thread)) {
      const std::uint32_t* const required = calls_->required(calls_->begin(thread) + place);
      unsigned other = 0;
      while (at[other] >> kStepBits >= required[other]) ++other;
      refusal.why = Refusal::kNotYet;
      refusal.after = (*calls_)[calls_->begin(other) + (at[other] >> kStepBits)].place;
    } else {
      Node* const copy = scratch(node(best_));
      Step step = specification_.step_or_spoil(state(copy), turn_of(at, thread));
      const bool blocked = step.kind == Step::kBlocked;
      if (call.operation->end == End::kBlocked) {
        if (blocked) continue;
        refusal.why = Refusal::kEnabled;
      } else {
        if (step.kind == Step::kDone || step.kind == Step::kEntered) continue;
        refusal.why = blocked ? Refusal::kBlocked : Refusal::kResult;
      }
      refusal.model = std::move(step.result);
    }
    refusals.push_back(std::move(refusal));
  }
  return refusals;
}

}  // namespace weft::linearize::internal
