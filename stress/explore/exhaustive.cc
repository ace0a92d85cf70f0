#include "stress/explore/exhaustive.h"

namespace weft::explore {

Exhaustive::~Exhaustive() {
  plan_.release();
  path_.release();
  asleep_.release();
  sleepers_.release();
}

bool Exhaustive::begin(uint64_t) {
  position_ = 0;
  preemptions_ = 0;
  redundant_now_ = false;
  if (path_.empty()) sleepers_.clear();
  return true;
}

bool Exhaustive::is_asleep(const Node& node, ThreadId id) const {
  for (uint32_t i = node.asleep; i < node.asleep + node.asleep_count; ++i) {
    if (asleep_[i].id == id) return true;
  }
  return false;
}

unsigned Exhaustive::next_answer(const Node& node, unsigned index) const {
  // Answer 0 is no preemption.
  if (index > 0 && !node.is_value && !node.may_preempt) return node.count;
  while (index < node.count && !node.is_value && node.asleep_count > 0 &&
         is_asleep(node, node.candidates.at(index))) {
    ++index;
  }
  return index;
}

Exhaustive::Node& Exhaustive::add_node() {
  path_.resize(path_.size() + 1);
  Node& node = path_.back();
  node.asleep = asleep_.size();
  node.asleep_count = sleepers_.size();
  for (const Asleep& sleeper : sleepers_) asleep_.push(sleeper);
  node.preemptions = preemptions_;
  return node;
}

void Exhaustive::fall_asleep(const Node& node) {
  sleepers_.clear();
  for (uint32_t i = node.asleep; i < node.asleep + node.asleep_count; ++i) {
    if (node.is_value || !depend(asleep_[i].pending, node.operation)) sleepers_.push(asleep_[i]);
  }
}

void Exhaustive::go_on_from(const uint16_t* answers, uint32_t count) {
  plan_.clear();
  for (uint32_t i = 0; i < count; ++i) plan_.push(answers[i]);
}

void Exhaustive::take_from_plan(Node& node) {
  const uint16_t chosen = plan_[position_] < node.count ? plan_[position_] : 0;
  for (uint16_t i = 0; i < chosen && uses_sleep_sets() && !node.is_value; ++i) {
    const ThreadId id = node.candidates.at(i);
    if (is_asleep(node, id)) continue;
    asleep_.push({id, *node.candidates.pending[id]});
    ++node.asleep_count;
  }
  node.chosen = chosen;
}

ThreadId Exhaustive::choose(const Candidates& candidates) {
  if (redundant_now_) return candidates.at(0);
  if (position_ == path_.size()) {
    Node& node = add_node();
    node.candidates = candidates;
    node.count = static_cast<uint16_t>(candidates.count);
    node.is_value = false;
    const Op current = candidates.pending[candidates.current]->op;
    const bool is_free = !candidates.current_may || current == Op::kYield || current == Op::kSleep;
    node.may_preempt = is_free || bound_ == kNoBound || preemptions_ < bound_;
    const bool is_planned = position_ < plan_.size();
    if (is_planned) take_from_plan(node);
    const unsigned first = is_planned ? node.chosen : next_answer(node, 0);
    if (first >= node.count) {
      asleep_.resize(node.asleep);
      path_.pop();
      redundant_now_ = true;
      return candidates.at(0);
    }
    node.chosen = static_cast<uint16_t>(first);
  }
  Node& node = path_[position_++];
  if (node.is_value || node.count != candidates.count ||
      node.candidates.current != candidates.current) {
    return kNobody;
  }
  const ThreadId id = candidates.at(node.chosen);
  node.operation = *candidates.pending[id];
  if (candidates.current_may && node.chosen != 0) ++preemptions_;
  if (position_ == path_.size()) fall_asleep(node);
  return id;
}

unsigned Exhaustive::choose_value(Question, unsigned n) {
  if (redundant_now_) return 0;
  if (position_ == path_.size()) {
    Node& node = add_node();
    node.count = static_cast<uint16_t>(n);
    node.is_value = true;
    node.chosen = 0;
    if (position_ < plan_.size()) take_from_plan(node);
  }
  Node& node = path_[position_++];
  if (position_ == path_.size()) fall_asleep(node);
  return node.chosen < n ? node.chosen : 0;
}

void Exhaustive::step(ThreadId id, const Operation& pending) {
  if (position_ < path_.size() || sleepers_.empty()) return;
  uint32_t kept = 0;
  for (const Asleep& sleeper : sleepers_) {
    if (sleeper.id == id) redundant_now_ = true;
    if (!depend(sleeper.pending, pending)) sleepers_[kept++] = sleeper;
  }
  sleepers_.resize(kept);
}

void Exhaustive::go_back() {
  while (!path_.empty()) {
    Node& node = path_.back();
    if (!node.is_value && uses_sleep_sets()) {
      // The node's sleep set is the last one in asleep_ now.
      asleep_.resize(node.asleep + node.asleep_count);
      asleep_.push({node.candidates.at(node.chosen), node.operation});
      ++node.asleep_count;
    }
    const unsigned next = next_answer(node, node.chosen + 1u);
    if (next < node.count) {
      node.chosen = static_cast<uint16_t>(next);
      return;
    }
    asleep_.resize(node.asleep);
    path_.pop();
  }
}

bool Exhaustive::end() {
  plan_.clear();
  if (redundant_now_) ++redundant_;
  go_back();
  return path_.empty();
}

}  // namespace weft::explore
