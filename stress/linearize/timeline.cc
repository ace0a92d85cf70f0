#include "stress/linearize/timeline.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

namespace weft::linearize {
namespace {

// Times closed up: an end and the beginnings that come right behind it do not share a row, but a
// call that no other mark comes in between begins and ends in one.
std::map<std::pair<std::uint64_t, bool>, unsigned> rows_of(const History& history) {
  struct Mark {
    std::uint64_t time;
    bool is_end;
    Place place;
  };
  std::vector<Mark> marks;
  for (unsigned lane = 0; lane < history.threads.size(); ++lane) {
    for (std::size_t i = 0; i < history.threads[lane].size(); ++i) {
      const Operation& operation = history.threads[lane][i];
      marks.push_back({operation.invoked, false, {lane, i}});
      if (operation.end == End::kReturned) marks.push_back({operation.returned, true, {lane, i}});
    }
  }
  // What begins when another ends overlaps it.
  std::sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) {
    return std::pair(a.time, a.is_end) < std::pair(b.time, b.is_end);
  });
  std::map<std::pair<std::uint64_t, bool>, unsigned> rows;
  unsigned next = 0;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const bool closes_at_once = i > 0 && marks[i].is_end && marks[i].place == marks[i - 1].place;
    const auto [at, is_new] = rows.try_emplace({marks[i].time, marks[i].is_end},
                                               closes_at_once && next > 0 ? next - 1 : next);
    if (is_new && !closes_at_once) ++next;
  }
  return rows;
}

std::string sentence(const Refusal& refusal, const Names& names) {
  switch (refusal.why) {
    case Refusal::kResult: {
      const std::string result = names.result(refusal.place, refusal.model);
      return result.empty() ? "the model would return" : "the model would give " + result;
    }
    case Refusal::kBlocked:
      return "it returned, but the model would wait";
    case Refusal::kEnabled:
      return "it waits for ever, but the model lets it go on";
    case Refusal::kNotYet:
      return "it began after " + names.call(refusal.after) + " of " +
             names.lanes[refusal.after.thread] + " had returned";
  }
  return "";
}

report::CallEnd end_of(End end) {
  switch (end) {
    case End::kReturned:
      return report::CallEnd::kReturned;
    case End::kBlocked:
      return report::CallEnd::kBlocked;
    case End::kPending:
      break;
  }
  return report::CallEnd::kPending;
}

}  // namespace

report::History shown(const History& history, const Judgement& judgement, const Names& names) {
  report::History shown;
  shown.lanes = names.lanes;
  shown.state = judgement.state;
  const auto rows = rows_of(history);
  std::map<std::pair<unsigned, std::size_t>, std::size_t> calls;
  for (unsigned lane = 0; lane < history.threads.size(); ++lane) {
    for (std::size_t i = 0; i < history.threads[lane].size(); ++i) {
      const Operation& operation = history.threads[lane][i];
      report::HistoryCall call;
      call.lane = lane;
      call.text = names.call({lane, i});
      call.end = end_of(operation.end);
      call.begin = rows.at({operation.invoked, false});
      if (operation.end == End::kReturned) {
        call.result = names.result({lane, i}, operation.result);
        call.finish = rows.at({operation.returned, true});
      }
      shown.rows = std::max(shown.rows, call.finish.value_or(call.begin + 1) + 1);
      calls[{lane, i}] = shown.calls.size();
      shown.calls.push_back(std::move(call));
    }
  }
  unsigned next = 1;
  for (const Place& place : judgement.order) {
    shown.calls[calls.at({place.thread, place.index})].order = next++;
  }
  for (const Refusal& refusal : judgement.refusals) {
    shown.calls[calls.at({refusal.place.thread, refusal.place.index})].refusal =
        sentence(refusal, names);
  }
  return shown;
}

}  // namespace weft::linearize
