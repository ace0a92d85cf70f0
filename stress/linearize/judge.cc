#include "stress/linearize/judge.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <unordered_map>
#include <utility>

#include "primitives/base/errors.h"
#include "stress/linearize/calls.h"
#include "stress/linearize/merge.h"
#include "stress/linearize/search.h"

namespace weft::linearize {
namespace {

using internal::Calls;
using internal::Search;

// The calls of each part, and its name.
struct Parts {
  std::vector<Value> names;
  std::vector<std::vector<std::uint32_t>> members;
};

}  // namespace

class Judge::Work {
 public:
  Work(const Specification& specification, const Limits& limits)
      : specification_(specification), limits_(limits), search_(specification) {}

  Judgement judge(const History& history, bool explain) {
    const auto duration = std::chrono::duration<double>(std::min(limits_.seconds, 1e9));
    deadline_ =
        Search::Clock::now() + std::chrono::duration_cast<Search::Clock::duration>(duration);
    calls_.assign(history);
    check_functions();
    const Parts parts = split();
    if (parts.members.size() < 2) return judge_whole(explain);
    return judge_parts(parts, explain, !history.known.empty());
  }

 private:
  void check_functions() const {
    const std::size_t functions = specification_.functions().size();
    for (std::uint32_t call = 0; call < calls_.size(); ++call) {
      if (calls_[call].operation->function < functions) continue;
      throw ValueError("history: model " + specification_.name() + " has no operation number " +
                       std::to_string(calls_[call].operation->function));
    }
  }

  // No parts if an operation concerns all.
  Parts split() const {
    Parts parts;
    std::unordered_map<Value, std::size_t> numbers;
    for (std::uint32_t call = 0; call < calls_.size(); ++call) {
      const Operation& operation = *calls_[call].operation;
      std::optional<Value> part = specification_.part(operation.function, operation.arguments);
      if (!part) return {};
      if (parts.names.empty() || parts.names.back() != *part || parts.names.size() > 1) {
        const auto [at, fresh] = numbers.try_emplace(*part, parts.names.size());
        if (fresh) {
          parts.names.push_back(*std::move(part));
          parts.members.emplace_back();
        }
        parts.members[at->second].push_back(call);
      } else {
        parts.members.back().push_back(call);
      }
    }
    return parts;
  }

  Judgement judge_whole(bool explain) {
    Judgement judgement;
    judgement.verdict = search(calls_, judgement);
    if (explain) describe(calls_, judgement);
    return judgement;
  }

  Judgement judge_parts(const Parts& parts, bool explain, bool order_is_given) {
    Judgement judgement;
    const bool merging = explain || order_is_given;
    std::vector<std::vector<std::uint32_t>> orders;
    for (std::size_t i = 0; i < parts.members.size(); ++i) {
      part_.assign_part(calls_, parts.members[i]);
      const Verdict verdict = search(part_, judgement);
      if (verdict == Verdict::kViolated) {
        judgement.verdict = verdict;
        judgement.part = parts.names[i];
        if (explain) describe(part_, judgement);
        return judgement;
      }
      if (verdict == Verdict::kUndecided) judgement.verdict = verdict;
      if (!merging || judgement.verdict == Verdict::kUndecided) continue;
      orders.push_back(search_.order());
      for (std::uint32_t& call : orders.back()) call = parts.members[i][call];
    }
    if (judgement.verdict == Verdict::kUndecided || !merging) return judgement;
    // Each part has an order. In real time they always fit together (Herlihy and Wing, section
    // 3.3); under a weaker order between threads, those that were found may not, and perhaps none.
    if (const auto order = internal::merged(calls_, orders)) {
      if (explain) set_order(calls_, *order, judgement);
      return judgement;
    }
    const std::uint64_t before = judgement.configurations;
    judgement = judge_whole(explain);
    judgement.configurations += before;
    return judgement;
  }

  Verdict search(const Calls& calls, Judgement& judgement) {
    const Verdict verdict = search_.run(calls, limits_.configurations, deadline_);
    judgement.configurations += search_.configurations();
    return verdict;
  }

  void describe(const Calls& calls, Judgement& judgement) {
    set_order(calls, search_.order(), judgement);
    if (judgement.verdict == Verdict::kViolated) judgement.refusals = search_.refusals();
  }

  void set_order(const Calls& calls, const std::vector<std::uint32_t>& order,
                 Judgement& judgement) {
    judgement.order.clear();
    for (const std::uint32_t call : order) judgement.order.push_back(calls[call].place);
    judgement.state = search_.state_after(calls, order);
  }

  const Specification& specification_;
  const Limits limits_;
  Search search_;
  Calls calls_;
  Calls part_;
  Search::Clock::time_point deadline_;
};

Judge::Judge(const Specification& specification, const Limits& limits)
    : work_(std::make_unique<Work>(specification, limits)) {}
Judge::~Judge() = default;

Judgement Judge::judge(const History& history) { return work_->judge(history, true); }
Verdict Judge::verdict(const History& history) { return work_->judge(history, false).verdict; }

Judgement judge(const Specification& specification, const History& history, const Limits& limits) {
  return Judge(specification, limits).judge(history);
}

}  // namespace weft::linearize
